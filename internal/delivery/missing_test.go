package delivery_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// Another process that takes a place away has ended what was pending there: nothing of that
// is told to stay.
func TestPlacesThatGoAreLookedUp(t *testing.T) {
	for name, test := range map[string]struct {
		status hook.EndpointStatus
		ended  bool // by who took it away
		want   []string
		state  hook.DeliveryState
	}{
		"still pending":        {"", false, []string{"stranded shop 2"}, ""},
		"ended already":        {"", true, nil, hook.Cancelled},
		"deleted, and ended":   {hook.Deleted, true, nil, hook.Cancelled},
		"deleted, not all yet": {hook.Deleted, false, []string{"clear shop 2"}, hook.Cancelled},
		"paused":               {hook.Paused, false, []string{"stranded shop 2"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, c := newLedger(), newCourier(always(200))
				sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix")))
				made := l.enqueue("shop", "svix", "e", 2)
				l.set("shop", hook.Standing{Status: test.status})
				if test.ended {
					l.CancelPending(t.Context(), "shop", "removed", time.Time{})
				}
				sc.SetPlaces(nil)
				sc.Add(made...)
				time.Sleep(m)
				sc.end()
				if diff := cmp.Diff(test.want, sc.kinds()); diff != "" || l.state(1).State != test.state {
					t.Errorf("%s: %s", l.state(1).State, diff)
				}
			})
		})
	}
}
