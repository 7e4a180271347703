package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func deliveriesBy(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c)
	typed := func(event string) func(*hook.Delivery) { return func(d *hook.Delivery) { d.Event.Type = event } }
	in := func(state hook.DeliveryState) func(*hook.Delivery) { return func(d *hook.Delivery) { d.State = state } }
	ds := []*hook.Delivery{
		m.delivery("shop", typed("order/created")), m.delivery("shop", typed("order/paid"), in(hook.Succeeded)),
		m.delivery("other", typed("customer/created"), of(c)), m.delivery("", typed(""), in(hook.Lost)), m.delivery("shop", typed("order/created"), in(hook.Cancelled)),
	}
	enqueue(t, s, ds...)
	for name, test := range map[string]struct {
		query store.DeliveryQuery
		want  []int64
	}{
		"all":        {store.DeliveryQuery{}, []int64{5, 4, 3, 2, 1}},
		"oldest":     {store.DeliveryQuery{Ascending: true, Limit: 2}, []int64{1, 2}},
		"place":      {store.DeliveryQuery{Place: "shop"}, []int64{5, 2, 1}},
		"url":        {store.DeliveryQuery{Place: "http://localhost:3000/orders"}, []int64{4}},
		"event":      {store.DeliveryQuery{Event: "order/created"}, []int64{5, 1}},
		"glob":       {store.DeliveryQuery{Event: "*/created", Limit: 2}, []int64{5, 3}},
		"any glob":   {store.DeliveryQuery{Event: "*"}, []int64{5, 3, 2, 1}},
		"states":     {store.DeliveryQuery{States: []hook.DeliveryState{hook.Succeeded, hook.Lost}}, []int64{4, 2}},
		"capture":    {store.DeliveryQuery{Capture: c.ID}, []int64{3}},
		"since":      {store.DeliveryQuery{Since: ds[3].CreatedAt}, []int64{5, 4}},
		"until":      {store.DeliveryQuery{Until: ds[3].CreatedAt}, []int64{3, 2, 1}},
		"everything": {store.DeliveryQuery{Place: "shop", Event: "order/*", States: []hook.DeliveryState{hook.Pending}, Since: noon()}, []int64{1}},
	} {
		if got := deliverySeqs(collect(t, s.Deliveries(context.Background(), test.query))); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	var missing *store.NotFoundError
	for _, err := range s.Deliveries(context.Background(), store.DeliveryQuery{Capture: m.id(hook.CapturePrefix)}) {
		if !errors.As(err, &missing) {
			t.Error(err)
		}
	}
}

func pending(t *testing.T, s contractStore, m *maker) {
	var ds []*hook.Delivery
	for i := range 2500 { // more than a page
		ds = append(ds, m.delivery([]string{"a", "b"}[i%2]))
	}
	enqueue(t, s, ds...)
	over := func(d *hook.Delivery, _ *hook.Standing) { d.State = hook.Succeeded }
	advance(t, s, nil, ds[0].ID, over)
	advance(t, s, nil, ds[1500].ID, over)
	list := func(place string, after int64) []*hook.Delivery {
		return collect(t, s.Pending(context.Background(), place, after))
	}
	all := list("", 0)
	if len(all) != 2498 || all[0].Seq != 2 || !slices.IsSorted(deliverySeqs(all)) {
		t.Errorf("%d are pending, from %d", len(all), all[0].Seq)
	}
	if diff := cmp.Diff(light(ds[1]), all[:1]); diff != "" {
		t.Error(diff)
	}
	if got := list("b", 0); len(got) != 1250 || got[0].Seq != 2 || got[1].Seq != 4 {
		t.Errorf("%d of b are pending", len(got))
	}
	if got := deliverySeqs(list("a", 2495)); !slices.Equal(got, []int64{2497, 2499}) {
		t.Error(got)
	}
	if got := deliverySeqs(list("", 2498)); !slices.Equal(got, []int64{2499, 2500}) {
		t.Error(got)
	}
	if got := list("c", 0); len(got) != 0 {
		t.Error(got)
	}
	for range list("", 0) {
		break
	}
}

func cancels(t *testing.T, s contractStore, m *maker) {
	var ds []*hook.Delivery
	for range 2100 { // more than are cancelled at once
		ds = append(ds, m.delivery("shop"))
	}
	other := m.delivery("other")
	late := m.delivery("shop")
	enqueue(t, s, append(ds, other, late)...)
	advance(t, s, nil, ds[7].ID, func(d *hook.Delivery, _ *hook.Standing) { d.State = hook.Succeeded })
	n, err := s.CancelPending(context.Background(), "shop", "the endpoint was disabled", late.CreatedAt.Add(-time.Second))
	if err != nil || n != 2099 {
		t.Error(n, err)
	}
	got := findDelivery(t, s, string(ds[0].ID))
	if got.State != hook.Cancelled || got.Reason != "the endpoint was disabled" || !got.Due.IsZero() {
		t.Errorf("%+v", got)
	}
	if got := findDelivery(t, s, string(ds[7].ID)); got.State != hook.Succeeded || got.Reason != "" {
		t.Errorf("%+v", got)
	}
	if got := deliverySeqs(collect(t, s.Pending(context.Background(), "", 0))); !slices.Equal(got, []int64{other.Seq, late.Seq}) {
		t.Errorf("still pending: %v", got)
	}
	if n, err := s.CancelPending(context.Background(), "shop", "again", time.Time{}); err != nil || n != 1 {
		t.Error(n, err)
	}
	if n, err := s.CancelPending(context.Background(), "", "all", time.Time{}); err != nil || n != 0 {
		t.Error(n, err)
	}
}
