package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func runs(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	var missing *store.NotFoundError
	if _, err := s.LastRun(ctx); !errors.As(err, &missing) {
		t.Error(err)
	}
	c := m.capture("")
	keep(t, s, c)
	record(t, s, m.attempt(c))
	first := &hook.Run{ID: m.id(hook.RunPrefix), StartedAt: m.now, Spec: []byte(`{"to":"x"}`)}
	second := &hook.Run{ID: m.id(hook.RunPrefix), StartedAt: m.now}
	for _, r := range []*hook.Run{first, second} {
		if err := s.BeginRun(ctx, r); err != nil || r.Floor != 1 {
			t.Fatal(err, r.Floor)
		}
	}
	of := func(r *hook.Run, seq int64, try int) func(*hook.Attempt) {
		return func(a *hook.Attempt) { a.Run, a.Try, a.CaptureSeq = r.ID, try, seq }
	}
	const each = 1100 // more than a page
	var both []*hook.Attempt
	for i := range each {
		both = append(both, m.attempt(c, of(first, 1, i)), m.attempt(c, of(second, 1, i)))
	}
	record(t, s, both...)
	for i, a := range collect(t, s.Attempts(ctx, store.AttemptQuery{Run: second.ID, Ascending: true, Bare: true})) {
		if a.Try != i || a.CaptureSeq != 1 {
			t.Fatalf("%d is try %d of %d", i, a.Try, a.CaptureSeq)
		}
	}
	for _, up := range []bool{true, false} {
		if got := collect(t, s.Attempts(ctx, store.AttemptQuery{Run: first.ID, Ascending: up})); len(got) != each {
			t.Errorf("%d attempts of the run", len(got))
		}
	}
	if err := s.EndRun(ctx, second.ID, m.now); err != nil {
		t.Error(err)
	}
	second.Ended = m.now
	got, err := s.LastRun(ctx)
	if diff := cmp.Diff(second, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if err := s.EndRun(ctx, "run_x", m.now); !errors.As(err, &missing) {
		t.Error(err)
	}
	for _, err := range s.Attempts(ctx, store.AttemptQuery{Run: "run_x"}) {
		if !errors.As(err, &missing) {
			t.Error(err)
		}
	}
}

func attemptsOfDeliveries(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c)
	yes, no := true, false
	as := []*hook.Attempt{
		m.attempt(c, func(a *hook.Attempt) {
			a.Delivery, a.Try, a.Endpoint, a.Provider, a.Event, a.Acknowledged = m.id(hook.DeliveryPrefix), 3, "shop", "recharge", "order/created", &yes
		}),
		m.attempt(&hook.Capture{}, func(a *hook.Attempt) { a.Run, a.Try, a.Acknowledged = m.id(hook.RunPrefix), 1, &no }),
		m.attempt(&hook.Capture{}, func(a *hook.Attempt) { a.Event = "only \x1f this" }),
	}
	for _, a := range as {
		if err := <-s.RecordNow(a); err != nil || a.Seq == 0 {
			t.Fatal(err, a.Seq)
		}
	}
	if diff := cmp.Diff(as, collect(t, s.Attempts(context.Background(), store.AttemptQuery{Ascending: true}))); diff != "" {
		t.Error(diff)
	}
}

func attemptsBy(t *testing.T, s contractStore, m *maker) {
	d := m.delivery("shop", func(d *hook.Delivery) { d.State = hook.Succeeded })
	other := m.delivery("other", func(d *hook.Delivery) { d.State = hook.Pending })
	enqueue(t, s, d, other)
	yes, no := true, false
	none := &hook.Capture{Method: "POST"}
	record(t, s,
		m.attempt(none, func(a *hook.Attempt) {
			a.Delivery, a.Endpoint, a.Event, a.Provider, a.Acknowledged = d.ID, "shop", "order/created", "recharge", &yes
		}),
		m.attempt(none, func(a *hook.Attempt) {
			a.Delivery, a.Endpoint, a.Event, a.Status, a.Acknowledged = other.ID, "other", "order/paid", 500, &no
		}),
		m.attempt(none, func(a *hook.Attempt) { a.URL, a.Status, a.Failure = "http://localhost:9/x", 0, hook.FailureUnreachable }),
		m.attempt(none, func(a *hook.Attempt) {
			a.Endpoint, a.Event, a.Status, a.StartedAt = "shop", "customer/created", 409, noon().Add(-time.Hour)
		}),
	)
	for name, test := range map[string]struct {
		query store.AttemptQuery
		want  []int64
	}{
		"delivery":      {store.AttemptQuery{Delivery: d.ID}, []int64{1}},
		"no delivery":   {store.AttemptQuery{Delivery: "dlv_x"}, nil},
		"endpoint":      {store.AttemptQuery{Places: []string{"shop"}}, []int64{4, 1}},
		"url":           {store.AttemptQuery{Places: []string{"http://localhost:9/x", "other"}}, []int64{3, 2}},
		"event":         {store.AttemptQuery{Event: "order/created"}, []int64{1}},
		"glob":          {store.AttemptQuery{Event: "*/created"}, []int64{4, 1}},
		"bracket":       {store.AttemptQuery{Event: "[o]rder/*"}, nil},
		"provider":      {store.AttemptQuery{Provider: "recharge"}, []int64{1}},
		"state":         {store.AttemptQuery{States: []hook.DeliveryState{hook.Succeeded}}, []int64{1}},
		"states":        {store.AttemptQuery{States: []hook.DeliveryState{hook.Succeeded, hook.Pending}}, []int64{2, 1}},
		"statuses":      {store.AttemptQuery{Statuses: []store.StatusRange{{409, 409}, {500, 599}}}, []int64{4, 2}},
		"no status":     {store.AttemptQuery{Statuses: []store.StatusRange{{0, 0}}}, []int64{3}},
		"acknowledged":  {store.AttemptQuery{Acknowledged: &yes}, []int64{1}},
		"refused":       {store.AttemptQuery{Acknowledged: &no}, []int64{2}},
		"since":         {store.AttemptQuery{Since: noon()}, []int64{3, 2, 1}},
		"until":         {store.AttemptQuery{Until: noon(), Ascending: true}, []int64{4}},
		"failed":        {store.AttemptQuery{Failed: true, Limit: 2}, []int64{4, 3}},
		"several":       {store.AttemptQuery{Places: []string{"shop"}, Event: "*/created", Failed: true}, []int64{4}},
		"glob, limited": {store.AttemptQuery{Event: "*/created", Limit: 1, Ascending: true}, []int64{1}},
	} {
		for _, bare := range []bool{false, true} {
			test.query.Bare = bare
			var got []int64
			for _, a := range collect(t, s.Attempts(context.Background(), test.query)) {
				got = append(got, a.Seq)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s: %v, want %v", name, got, test.want)
			}
		}
	}
}

// What has failed is the same to those who ask for it and to those who look at an attempt.
func attemptsThatFailed(t *testing.T, s contractStore, m *maker) {
	yes, no := true, false
	var all []*hook.Attempt
	for _, judged := range []*bool{nil, &yes, &no} {
		for _, status := range []int{0, 199, 200, 299, 300, 503} {
			for _, failure := range []string{"", hook.FailureUnreachable, hook.FailureLate, hook.FailureBroken, hook.FailureCancelled} {
				all = append(all, m.attempt(&hook.Capture{}, func(a *hook.Attempt) { a.Status, a.Failure, a.Acknowledged = status, failure, judged }))
			}
		}
	}
	record(t, s, all...)
	var want []*hook.Attempt
	for _, a := range all {
		if a.Failed() {
			want = append(want, a)
		}
	}
	if got := collect(t, s.Attempts(context.Background(), store.AttemptQuery{Failed: true, Ascending: true})); len(want) == 0 || !slices.EqualFunc(got, want, func(a, b *hook.Attempt) bool { return a.Seq == b.Seq }) {
		t.Errorf("%d have failed, want %d", len(got), len(want))
	}
}

func attemptsByIdentity(t *testing.T, s contractStore, m *maker) {
	known, judged, unknown := m.capture("", identified(failedOrder())), m.capture("", identified(failedOrder())), m.capture("")
	keep(t, s, known, judged, unknown)
	if err := s.Judge(context.Background(), judged.Seq, &hook.Identity{Provider: "techrar", Event: hook.Event{Type: "refund"}}); err != nil {
		t.Fatal(err)
	}
	record(t, s, m.attempt(known), m.attempt(judged), m.attempt(unknown), m.attempt(known, func(a *hook.Attempt) { a.Event = "its own" }))
	order := known.Identity.Event.Type
	for name, test := range map[string]struct {
		query store.AttemptQuery
		want  []int64
	}{
		"event":    {store.AttemptQuery{Event: order}, []int64{1}},
		"glob":     {store.AttemptQuery{Event: order[:3] + "*"}, []int64{1}},
		"judged":   {store.AttemptQuery{Event: "ref*", Provider: "techrar"}, []int64{2}},
		"own":      {store.AttemptQuery{Event: "its own"}, []int64{4}},
		"provider": {store.AttemptQuery{Provider: known.Identity.Provider}, []int64{4, 1}},
		"any":      {store.AttemptQuery{Event: "*"}, []int64{4, 2, 1}},
	} {
		var got []int64
		for _, a := range collect(t, s.Attempts(context.Background(), test.query)) {
			got = append(got, a.Seq)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func bareAttempts(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c)
	var want []*hook.Attempt
	yes := true
	for i := range 1100 { // more than a page
		a := m.attempt(c, func(a *hook.Attempt) {
			switch i % 5 {
			case 1:
				a.Delivery, a.Endpoint, a.Event, a.Try, a.Acknowledged = "dlv_x", "shop", "order/created", i, &yes
			case 2: // what separates values within one
				a.Reason, a.Endpoint, a.ResponseHeader = "a\x1fb", "\x1f", hook.Header{{Name: "\x1f", Value: "\x1f\x00"}}
			case 3:
				a.Reply = &hook.Reply{Status: 502, From: hook.FromListener, Latency: time.Second}
			case 4:
				a.URL, a.ResponseHeader, a.ResponseBody, a.ResponseSize = "http://h/\xff\x00", nil, nil, 0
			}
		})
		if i%100 == 3 {
			a.ResponseBody = []byte(strings.Repeat(fmt.Sprint(i), 20_000))
			a.ResponseSize = int64(len(a.ResponseBody)) + 1
		}
		record(t, s, a)
		bare := *a
		bare.ResponseBody = nil
		want = append(want, &bare)
	}
	if diff := cmp.Diff(want, collect(t, s.Attempts(context.Background(), store.AttemptQuery{Bare: true, Ascending: true}))); diff != "" {
		t.Error(diff)
	}
}
