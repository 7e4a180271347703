package render_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// reported is what format makes of reports and the total.
func reported(t testing.TB, format string, reports []*validate.Report, change ...func(*render.ReportOptions)) string {
	t.Helper()
	o := render.ReportOptions{FailOn: validate.FailMissing, Version: "v1.2.3"}
	for _, c := range change {
		c(&o)
	}
	var b bytes.Buffer
	reporter, err := render.NewReporter(format, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if err := reporter.Report(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := reporter.Close(totalOf(reports)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// totalOf counts as a run under --fail-on missing does.
func totalOf(reports []*validate.Report) validate.Total {
	t := validate.Total{Elapsed: time.Second}
	for _, r := range reports {
		if r.Failed {
			t.Failed++
		}
		t.Faults += len(r.Validation.Faults) + r.Validation.More
		if r.Trouble != nil {
			t.Trouble++
			continue
		}
		count := map[hook.Validity]*int{
			hook.Valid: &t.Valid, hook.ValidEnvelope: &t.Envelope, hook.Invalid: &t.Invalid,
			hook.NoSchema: &t.NoSchema, hook.NotJSON: &t.NotJSON,
		}[r.Validation.Outcome]
		*count++
		switch {
		case r.MustFail && r.Validation.Outcome == hook.NoSchema:
			t.Unjudged++
		case r.MustFail && r.Failed:
			t.Accepted++
		case r.MustFail:
			t.Refused++
		}
	}
	return t
}

// orderText is a payload with several faults.
const orderText = "{\n\t\"id\": \"abc\",\n\t\"note\": \"日本 \u202e é\", \"total\": true,\n\t\"customer\": {}\n}\n"

// orderReport is one of a payload.
func orderReport(path string, outcome hook.Validity, change ...func(*validate.Report)) *validate.Report {
	r := &validate.Report{
		Path: path, Provider: "recharge", Event: "order/created", Elapsed: 1500 * time.Microsecond,
		Validation: hook.Validation{Outcome: outcome, Schema: "recharge/2021-11/order"},
	}
	for _, c := range change {
		c(r)
	}
	return r
}

// at is a fault where text has mark.
func at(text, mark, kind string, class hook.Class, pointer, message string) hook.Fault {
	offset := strings.Index(text, mark)
	before := text[:offset]
	return hook.Fault{
		Kind: kind, Class: class, Pointer: pointer, Message: message, Offset: offset,
		Rule:   "order.schema.json#/properties" + pointer + "/" + kind,
		Line:   strings.Count(before, "\n") + 1,
		Column: len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1,
	}
}

func faulty(text string, failed bool, faults ...hook.Fault) func(*validate.Report) {
	return func(r *validate.Report) {
		r.Text, r.Failed, r.Validation.Faults = []byte(text), failed, faults
	}
}

// ordinary are reports of every kind, as a run has them.
func ordinary() []*validate.Report {
	wrong := []hook.Fault{
		at(orderText, `"abc"`, "type", hook.ClassWrong, "/id", "want an integer, got a string"),
		at(orderText, "true", "type", hook.ClassWrong, "/total", "want a string or null, got true"),
		at(orderText, "{}", "required", hook.ClassMissing, "/customer", "the property email is not there"),
		at(orderText, "{}", "required", hook.ClassMissing, "/customer", "the property id is not there"),
	}
	missing := at(`{"id":1}`, "{", "required", hook.ClassMissing, "", "the property total is not there")
	twice := at(`{"id":1,"total":"2","id":3}`, `"id":3`, "duplicate_key", hook.ClassDoubt, "/id", "the key is there twice")
	twice.Rule = ""
	minified := `{"items":[` + strings.Repeat(`{"sku":"A-1","quantity":1},`, 40) + `{"sku":"B-2","quantity":"two"},` + strings.Repeat(`{"sku":"A-1","quantity":1},`, 40) + `{}]}`
	deep := at(minified, `"two"`, "type", hook.ClassWrong, "/items/40/quantity", "want an integer, got a string")
	syntax := at("{\"id\": 1,}\n", "}", "syntax", hook.ClassWrong, "", "want a key, got '}'")
	syntax.Rule = ""
	return []*validate.Report{
		orderReport("fixtures/recharge/order/created.json", hook.Valid),
		orderReport("fixtures/recharge/order/deleted.json", hook.ValidEnvelope, func(r *validate.Report) { r.Event = "order/deleted" }),
		orderReport("fixtures/recharge/order/updated.json", hook.Invalid, faulty(orderText, true, wrong...)),
		orderReport("fixtures/recharge/order/old.json", hook.Invalid, faulty(`{"id":1}`, true, missing)),
		orderReport("fixtures/recharge/order/twice.json", hook.Valid, faulty(`{"id":1,"total":"2","id":3}`, false, twice)),
		orderReport("fixtures/recharge/order/minified.json", hook.Invalid, faulty(minified, true, deep)),
		orderReport("fixtures/broken.json", hook.NotJSON, faulty("{\"id\": 1,}\n", true, syntax), func(r *validate.Report) {
			r.Event, r.Validation.Schema, r.Validation.Reason = "", "", "want a key, got '}'"
		}),
		orderReport("fixtures/empty.json", hook.NotJSON, func(r *validate.Report) {
			r.Provider, r.Event, r.Validation, r.Failed = "", "", hook.Validation{Outcome: hook.NotJSON, Reason: "it is empty"}, true
		}),
		orderReport("fixtures/other.json", hook.NoSchema, func(r *validate.Report) {
			r.Event, r.Validation = "checkout/created", hook.Validation{Outcome: hook.NoSchema, Reason: "recharge has no event checkout/created"}
		}),
		orderReport("fixtures/recharge/order/moved.json", hook.NoSchema, faulty(`{"topic":"order/moved"}`, false,
			hook.Fault{Kind: "event", Class: hook.ClassDoubt, Pointer: "/topic", Message: "the path says order/created", Line: 1, Column: 10, Offset: 9},
		), func(r *validate.Report) {
			r.Event, r.Validation.Schema, r.Validation.Reason = "order/moved", "", "recharge has no event order/moved"
		}),
		{Path: "fixtures/locked.json", Trouble: errors.New("permission denied")},
		orderReport("fixtures/invalid/order.json", hook.Invalid, faulty(orderText, false, wrong...), func(r *validate.Report) { r.MustFail = true }),
		orderReport("fixtures/invalid/fine.json", hook.Valid, func(r *validate.Report) { r.MustFail, r.Failed = true, true }),
		orderReport("orders.ndjson", hook.Valid, func(r *validate.Report) { r.Line = 1 }),
		orderReport("orders.ndjson", hook.Invalid, faulty(`{"id":1}`, true, missing), func(r *validate.Report) { r.Line = 7 }),
		orderReport("orders.ndjson", hook.Invalid, faulty(`{"id":2}`, true, missing), func(r *validate.Report) { r.Line = 8 }),
		orderReport("traffic.har", hook.Invalid, faulty(orderText, true, wrong[1]), func(r *validate.Report) { r.Entry, r.Inside = 3, true }),
		orderReport("cap_01JD7Q3V9K4M2N8PXR7QK3M2ZA", hook.Invalid, faulty(`{"id":1}`, true, missing)),
		orderReport("fixtures/many.json", hook.Invalid, faulty(strings.Repeat("{}\n", 13), true, many(13)...), func(r *validate.Report) { r.Validation.More = 412 }),
	}
}

// many are n faults, each on a line of its own.
func many(n int) []hook.Fault {
	var faults []hook.Fault
	for i := range n {
		faults = append(faults, hook.Fault{
			Kind: "required", Class: hook.ClassMissing, Pointer: "/" + string(rune('a'+i)), Message: "the property id is not there",
			Rule: "many.schema.json#/required", Line: i + 1, Column: 1, Offset: 3 * i,
		})
	}
	return faults
}

// forgery is what a sender may write to look like something else in a report.
const forgery = "%0A::error file=x::forged\n::error::forged\r\n##[error]forged ##vso[task.complete]##teamcity[x]]]></failure><script>alert(1)</script>" +
	`"'&lt; [link](http://forged.example) # SKIP forged` + "\nok 99 - forged\nBail out!\n...\n\ufffe\uffff\x00" + nasty

// hostile are reports in which everything that others write is a forgery.
func hostile() []*validate.Report {
	text := `{"` + forgery + `":1}` + "\n" + forgery
	fault := hook.Fault{Kind: "type", Class: hook.ClassWrong, Pointer: "/" + forgery, Rule: forgery, Message: forgery, Line: 1, Column: 2, Offset: 1}
	change := func(r *validate.Report) {
		r.Provider, r.Event = forgery, forgery
		r.Validation.Schema = forgery
	}
	named := "::error::" + forgery
	return []*validate.Report{
		orderReport(named, hook.Invalid, faulty(text, true, fault, fault), change),
		orderReport(" \u00a0::warning::x", hook.Invalid, faulty(text, false, fault), change),
		orderReport("lines"+forgery, hook.Invalid, faulty(text, true, fault), change, func(r *validate.Report) { r.Line = 4 }),
		orderReport("har"+forgery, hook.Invalid, faulty(text, true, fault), change, func(r *validate.Report) { r.Entry, r.Inside = 4, true }),
		orderReport("none"+forgery, hook.NoSchema, change, func(r *validate.Report) { r.Validation.Reason = forgery }),
		orderReport("not"+forgery, hook.NotJSON, change, func(r *validate.Report) { r.Validation.Reason, r.Failed = forgery, true }),
		orderReport("fail"+forgery, hook.Valid, change, func(r *validate.Report) { r.MustFail, r.Failed = true, true }),
		{Path: "locked" + forgery, Trouble: errors.New(forgery)},
	}
}
