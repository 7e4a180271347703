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
	events := []string{"order/created", "order/created/late", "charge/failed", "charge.succeeded", "issues-opened", "opened", "m.order.completed", "customer.created"}
	common := []string{"order", "charge", "customer"}
	known := func(name string) bool { return slices.Contains([]string{"recharge", "stripe", "github"}, name) }
	for path, want := range map[string]string{
		"recharge/order-created.json":                  "recharge order/created",
		"recharge/order/created.json":                  "recharge order/created",
		"recharge/OrderCreated.json":                   "recharge order/created",
		"Recharge/order_created.JSON":                  "recharge order/created",
		"fixtures/recharge/2021-11/order/created.json": "recharge order/created 2021-11",
		"recharge/order-created.2021-01.json":          "recharge order/created 2021-01",
		"recharge/order/created-late.json":             "recharge order/created/late",
		"recharge/order-createdish.json":               "recharge ?order-createdish", // no word ends there
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
		"recharge/order.json":                          "recharge order",
		"recharge/order/2.json":                        "recharge order",
		"recharge/order-v2.json":                       "recharge order",
		"recharge/order/001.json":                      "recharge order",
		"recharge/order.2021-01.json":                  "recharge order 2021-01",
		"recharge/order-2021-01.big.json":              "recharge order 2021-01",
		"recharge/order.with-tax.json":                 "recharge order",
		"recharge/order/refunded.json":                 "recharge ?order/refunded",
		"recharge/order/creatd.json":                   "recharge ?order/creatd",
		"recharge/order/refunded.2.json":               "recharge ?order/refunded.2",
		"recharge/order.d/refunded.json":               "recharge ?order.d/refunded",
		"recharge/customer/charge-failed.json":         "recharge charge/failed",    // its own name goes before
		"stripe/customer.exploded.json":                "stripe ?customer.exploded", // names of that catalog go on so
		"stripe/customer.created.v2.json":              "stripe customer.created",
		"recharge/a/b/c/d/e/order/created.json":        "recharge order/created",
	} {
		parts := validate.PartsOf(path)
		got, at := validate.FiledUnder(parts, known)
		if at >= 0 {
			event, rest, unknown := validate.FiledAs(parts[at+1:], events, common)
			if unknown != "" {
				event = "?" + unknown
			}
			version := validate.VersionIn(parts[at+1:], rest, []string{"2021-01", "2021-11"})
			got = strings.TrimSpace(got + " " + event + " " + version)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}
