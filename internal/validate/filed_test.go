package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/validate"
)

func TestFolded(t *testing.T) {
	for name, want := range map[string]string{
		"order/created": "order-created", "Order_Created": "order-created", "OrderCreated": "order-created", "m.order.completed": "m-order-completed",
		"ACH_NOTIFICATION": "ach-notification", "balancePlatform.transfer": "balance-platform-transfer", "v1.2": "v1-2", "": "", "--": "", "größe/neu": "größe-neu",
	} {
		if got := validate.Folded(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestFiled(t *testing.T) {
	events := map[string]string{}
	for _, event := range []string{"order/created", "order/created/late", "charge.succeeded", "issues-opened", "opened", "order", "m.order.completed"} {
		events[validate.Folded(event)] = event
	}
	known := func(name string) bool { return slices.Contains([]string{"recharge", "stripe", "github"}, name) }
	for path, want := range map[string]string{
		"recharge/order-created.json":                  "recharge order/created",
		"recharge/order/created.json":                  "recharge order/created",
		"recharge/OrderCreated.json":                   "recharge order/created",
		"Recharge/order_created.JSON":                  "recharge order/created",
		"fixtures/recharge/2021-11/order/created.json": "recharge order/created 2021-11",
		"recharge/order-created.2021-01.json":          "recharge order/created 2021-01",
		"recharge/order/created-late.json":             "recharge order/created/late",
		"recharge/order-createdish.json":               "recharge order", // no word ends there
		"recharge/payloads/good/order.created.2.json":  "recharge order/created",
		"github/issues/opened.with-label.payload.json": "github issues-opened",
		"github/pulls/opened.json":                     "github opened",
		"stripe/charge.succeeded.2.json":               "stripe charge.succeeded",
		"stripe/recharge/order.ndjson":                 "recharge order", // the nearest
		"stripe.json":                                  "stripe",
		"stripe/github.json":                           "stripe", // a folder goes before
		"stripe/unknown.json":                          "stripe",
		"a/b.json":                                     "",
		"recharge/m.order.completed.json":              "recharge m.order.completed",
		"order/created.json":                           "",
		"recharge/a/b/c/d/e/order/created.json":        "recharge order/created",
	} {
		parts := validate.PartsOf(path)
		got, at := validate.FiledUnder(parts, known)
		if at >= 0 {
			event, rest := validate.FiledAs(parts[at+1:], events)
			version := validate.VersionIn(parts[at+1:], rest, []string{"2021-01", "2021-11"})
			got = strings.TrimSpace(got + " " + event + " " + version)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}
