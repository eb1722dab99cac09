package main

import (
	"context"
	"fmt"

	"github.com/google/nftables"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

// Where the kernel lacks nftables' queue expression, the engine can't write its
// own rules, and with them not its set of the pods that policies select. Others
// have written such rules then (tests/cluster/node.py); here is who keeps the set.

// observed tells a second listener, too, when the managed pods may have changed.
type observed struct {
	*networkpolicy.StandardNetworkPolicy
	changed chan<- struct{}
}

func (o observed) SetDataplaneSyncCallback(sync api.SyncFunc) {
	o.StandardNetworkPolicy.SetDataplaneSyncCallback(func() {
		sync()
		select {
		case o.changed <- struct{}{}:
		default: // it will look anyway
		}
	})
}

// keepManaged holds the set `podips-v4` of the table `ip NAME` to the addresses of
// this node's pods that a policy selects.
func keepManaged(ctx context.Context, name string, policy api.PolicyEvaluator, changed <-chan struct{}) {
	for {
		if err := setManaged(ctx, name, policy); err != nil {
			klog.ErrorS(err, "writing the set of managed pods")
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

func setManaged(ctx context.Context, name string, policy api.PolicyEvaluator) error {
	addresses, _, err := policy.ManagedIPs(ctx)
	if err != nil {
		return fmt.Errorf("asking the engine: %w", err)
	}
	var elements []nftables.SetElement
	for _, address := range addresses {
		if address.Is4() {
			elements = append(elements, nftables.SetElement{Key: address.AsSlice()})
		}
	}
	connection, err := nftables.New()
	if err != nil {
		return fmt.Errorf("opening nftables: %w", err)
	}
	table := &nftables.Table{Name: name, Family: nftables.TableFamilyIPv4}
	set, err := connection.GetSetByName(table, "podips-v4")
	if err != nil {
		return fmt.Errorf("looking for the set: %w", err)
	}
	connection.FlushSet(set)
	if err := connection.SetAddElements(set, elements); err != nil {
		return fmt.Errorf("naming the pods: %w", err)
	}
	if err := connection.Flush(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	klog.V(1).InfoS("managed pods", "addresses", addresses)
	return nil
}
