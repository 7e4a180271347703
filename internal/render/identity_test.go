package render_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

func TestTheSignatureIsSaidInWords(t *testing.T) {
	for _, test := range []struct {
		verification hook.Verification
		want         string
	}{
		{hook.Verification{Outcome: hook.Verified, Scheme: "v1"}, "verified by v1"},
		{hook.Verification{Outcome: hook.Verified}, "verified"},
		{hook.Verification{Outcome: hook.Verified, Scheme: "v1", Unbound: true}, "verified by v1 (the signature does not cover the whole body)"},
		{hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch", Detail: "no secret fits"}, "failed: mismatch: no secret fits"},
		{hook.Verification{Outcome: hook.Failed, Reason: "stale"}, "failed: stale"},
		{hook.Verification{Outcome: hook.NotChecked, Reason: "no_secret", Detail: "no secret is set"}, "not checked: no secret is set"},
		{hook.Verification{Outcome: hook.NotChecked, Reason: "no_secret"}, "not checked: no secret"},
		{hook.Verification{}, "not checked"},
	} {
		c := identified(hook.Identity{Provider: "recharge", Verification: &test.verification})
		if got := shown(t, c); !strings.Contains(got, "\nsignature  "+test.want+"\n") {
			t.Errorf("want %q in\n%s", test.want, got)
		}
	}
}

func TestTheEventIsSaidInWords(t *testing.T) {
	for _, test := range []struct {
		identity hook.Identity
		want     string
	}{
		{hook.Identity{Provider: "recharge"}, "\nprovider  recharge\n\nPOST"},
		{hook.Identity{Candidates: []string{"clazar", "svix"}}, "\nprovider  clazar or svix\n\nPOST"},
		{hook.Identity{Event: hook.Event{Type: "order/created", ID: "evt_1", Time: "1763712000", Items: 3}}, "\nevent     order/created, id evt_1, time 1763712000, 3 items\n"},
		{hook.Identity{Event: hook.Event{ID: "evt_1", Items: 1}}, "\nevent     id evt_1, 1 item\n"},
	} {
		if got := shown(t, identified(test.identity)); !strings.Contains(got, test.want) {
			t.Errorf("want %q in\n%s", test.want, got)
		}
	}
}

func TestALongEventKeepsItsEnd(t *testing.T) {
	for _, test := range []struct {
		width    int
		identity hook.Identity
		want     string
	}{
		{0, hook.Identity{Provider: "stripe", Event: hook.Event{Type: "customer.subscription.deleted"}}, "  stripe customer.subscription.deleted  /"},
		{120, hook.Identity{Provider: "stripe", Event: hook.Event{Type: "customer.subscription.deleted"}}, "  stripe ...iption.deleted  /"},
		{95, hook.Identity{Provider: "stripe", Event: hook.Event{Type: "customer.subscription.deleted"}}, "  stripe ....deleted  /"},
		{95, hook.Identity{Provider: "stripe", Event: hook.Event{Type: "charge.paid"}}, "  stripe charge.paid  /"},
		{120, hook.Identity{Provider: "a-provider-of-a-long-name", Event: hook.Event{Type: "charge.paid"}}, "  a-provider-of-a-long-...  /"},
		{120, hook.Identity{Event: hook.Event{Type: "charge.paid"}}, "  charge.paid               /"},
	} {
		got := printed(t, options(inColumns(test.width)), func(p *render.Printer) { p.CaptureTable().Row(identified(test.identity)) })
		if !strings.Contains(got, test.want) {
			t.Errorf("in %d columns: want %q in\n%s", test.width, test.want, got)
		}
	}
}
