package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/dataplane"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	"sigs.k8s.io/kube-network-policies/pkg/podinfo"
)

// runPolicies enforces NetworkPolicy on one node with the engine and the
// settings of kind's own agent (kindnetd): a packet that waits when the agent
// dies is let through, and policies see pods as the API server tells of them.
func runPolicies() error {
	kubeconfig := flag.String("kubeconfig", "", "path of the kubeconfig")
	node := flag.String("node", "", "name of the node")
	queue := flag.Int("queue", 101, "number of the netfilter queue")
	table := flag.String("set-table", "", "table of the set of managed pods, where the "+
		"engine can't write its own rules")
	klog.InitFlags(nil)
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}
	// Not only faster: an empty list of rules must arrive as none (which
	// denies); JSON would bring it as an empty one, which the engine allows.
	config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	config.ContentType = "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("making a client: %w", err)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()

	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods()
	namespaces := factory.Core().V1().Namespaces()
	resolver, err := podinfo.NewInformerResolver(pods.Informer())
	if err != nil {
		return fmt.Errorf("indexing pods by address: %w", err)
	}
	changed := make(chan struct{}, 1)
	policy := observed{
		networkpolicy.NewStandardNetworkPolicy(
			*node, namespaces, pods, factory.Networking().V1().NetworkPolicies()),
		changed,
	}
	engine := networkpolicy.NewPolicyEngine(
		podinfo.NewInformerProvider(pods, namespaces, factory.Core().V1().Nodes(),
			[]podinfo.IPResolver{resolver}),
		[]api.PolicyEvaluator{policy},
	)
	controller, err := dataplane.NewController(engine, dataplane.Config{
		FailOpen:    true,
		QueueID:     *queue,
		NFTableName: "kindnet-network-policies",
	})
	if err != nil {
		return fmt.Errorf("making the controller: %w", err)
	}
	factory.Start(ctx.Done())
	if *table != "" {
		factory.WaitForCacheSync(ctx.Done())
		go keepManaged(ctx, *table, policy, changed)
	}
	return controller.Run(ctx)
}
