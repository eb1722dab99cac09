// What kind's node image runs besides Kubernetes itself: the DNS server and
// the network policy engine, in one binary, chosen by the name it is called by.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	switch name := filepath.Base(os.Args[0]); name {
	case "coredns":
		runDNS()
	case "kube-network-policies":
		if err := runPolicies(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		fmt.Fprintf(os.Stderr, "%s: call this as coredns or kube-network-policies "+
			"(a link of that name)\n", name)
		os.Exit(2)
	}
}
