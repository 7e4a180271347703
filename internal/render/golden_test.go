package render_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

var update = flag.Bool("update", false, "write the golden files anew")

// views are what the golden files hold, each with and without colour.
func views() map[string]func(*render.Printer) {
	return map[string]func(*render.Printer){
		"log":      showLog,
		"captures": showCaptures,
		"attempts": showAttempts,
		"capture":  showCapture,
		"hostile":  showHostile,
		"verdicts": showVerdicts,
		"diff":     showDiff,
		"messages": showMessages,
		"sent":     showSent,
		"stats":    showStats,
	}
}

func TestGolden(t *testing.T) {
	for name, view := range views() {
		for suffix, change := range map[string]func(*render.Options){
			".txt": func(*render.Options) {}, ".color.txt": inColor, ".narrow.txt": inColumns(72),
		} {
			t.Run(name+suffix, func(t *testing.T) {
				got := printed(t, options(change), view)
				wantGolden(t, filepath.Join("..", "..", "testdata", "golden", "render", name+suffix), got)
			})
		}
	}
}

func wantGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever was received, a terminal is sent colours of ours and nothing else.
func TestNothingForeignReachesTheTerminal(t *testing.T) {
	colors := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for name, view := range views() {
		t.Run(name, func(t *testing.T) {
			wantSafe(t, printed(t, options(), view), "\n")
			wantSafe(t, colors.ReplaceAllString(printed(t, options(inColor), view), ""), "\n")
		})
	}
}

// Colour adds colours and changes no text.
func TestColorChangesNoText(t *testing.T) {
	colors := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for name, view := range views() {
		plain, colored := printed(t, options(), view), printed(t, options(inColor), view)
		if diff := cmp.Diff(plain, colors.ReplaceAllString(colored, "")); diff != "" {
			t.Errorf("%s (-plain +colored):\n%s", name, diff)
		}
		if plain == colored {
			t.Errorf("%s: no colour", name)
		}
	}
}

func showLog(p *render.Printer) {
	plain := capture(`{"amount":10.0}`, "Content-Type", "application/json; charset=utf-8")
	p.Received(plain, render.Remarks{})
	p.Attempted(plain, attempt(200, "ok"))
	p.Received(with(capture("", "Content-Type", "application/vnd.a-rather-long-media-type-of-somebody+json"), func(c *hook.Capture) {
		c.Method, c.Target, c.BodySize = "DELETE", "/a/rather/long/path/that/does/not/fit/on/any/line?with=a&query=too", 1_536_000
	}), render.Remarks{})
	p.Replied(with(capture(""), func(c *hook.Capture) { c.Reply.From = hook.FromListener }))
	p.Replied(with(capture(""), func(c *hook.Capture) {
		c.Reply = &hook.Reply{From: hook.FromListener, Dropped: hook.DroppedTimeout, Latency: 12 * time.Second}
	}))
	p.Replied(with(capture(""), func(c *hook.Capture) {
		c.Reply = &hook.Reply{From: hook.FromListener, Dropped: hook.DroppedReset, Latency: 400 * time.Microsecond}
	}))
	p.Replied(with(capture(""), func(c *hook.Capture) { c.Reply = nil }))
	p.Refused(with(capture(""), func(c *hook.Capture) { c.Reply = &hook.Reply{Status: 413, From: hook.FromListener} }), "the body is larger than 25 MB")
	p.Refused(with(capture(""), func(c *hook.Capture) { c.Reply = nil }), "the sender went away before the end of "+nasty)
	p.Attempted(plain, attempt(302, "moved"))
	p.Attempted(plain, attempt(422, "{\n  \"error\": \"amount must be\",\n  \"of\": \"type string\"\n}\n"))
	p.Attempted(plain, attempt(500, strings.Repeat("Traceback (most recent call last):\r\n  File \"app.py\", line 12\n", 20)))
	p.Attempted(plain, attempt(503, "\x00\x01\x02"))
	p.Attempted(plain, with(attempt(0, ""), func(a *hook.Attempt) {
		a.Failure, a.Reason = hook.FailureUnreachable, "connection refused"
		a.Reply = &hook.Reply{Status: 502, From: hook.FromListener}
	}))
	p.Attempted(plain, with(attempt(0, ""), func(a *hook.Attempt) {
		a.Failure, a.Reason, a.Reply, a.Latency = hook.FailureLate, "no complete answer in time", nil, 30*time.Second
		a.URL = "http://localhost:4000/second"
	}))
	p.Attempted(plain, with(attempt(201, ""), func(a *hook.Attempt) { a.Reply = nil }))
	p.Attempted(plain, with(attempt(200, "part"), func(a *hook.Attempt) {
		a.Failure, a.Reason = hook.FailureBroken, "the connection was closed before the answer was complete"
	}))
}

func showCaptures(p *render.Printer) {
	table := p.CaptureTable()
	for _, c := range []*hook.Capture{
		capture("{}"),
		with(capture(""), func(c *hook.Capture) { c.ReceivedAt, c.Reply = morning.AddDate(0, 0, -1), nil }),
		with(capture(""), func(c *hook.Capture) {
			c.Method, c.BodySize, c.Reply.Status, c.Reply.Latency = "PROPFIND", 26_214_400, 503, 75*time.Second
		}),
		with(capture(""), func(c *hook.Capture) {
			c.Reply = &hook.Reply{Dropped: hook.DroppedTimeout, From: hook.FromListener, Latency: time.Second}
			c.Target = "/a/rather/long/path/that/does/not/fit/on/any/line/日本"
		}),
		with(capture(""), func(c *hook.Capture) { c.Target, c.Method = "/"+nasty, nasty }),
		identified(hook.Identity{Provider: "recharge", Event: hook.Event{Type: "order/created"}, Verification: verification(hook.Verified)}),
		identified(hook.Identity{Provider: "recharge", Event: hook.Event{Type: "subscription/activated"}, Verification: verification(hook.Failed)}),
		identified(hook.Identity{Provider: "techrar", Verification: verification(hook.NotChecked)}),
		identified(hook.Identity{Provider: "github", Event: hook.Event{Type: "push"}, Verification: with(verification(hook.Verified), func(v *hook.Verification) { v.Unbound = true })}),
		identified(hook.Identity{Candidates: []string{"clazar", "svix"}}),
		identified(hook.Identity{Provider: nasty, Event: hook.Event{Type: nasty}}),
	} {
		table.Row(c)
	}
}

func showAttempts(p *render.Printer) {
	table := p.AttemptTable()
	for _, a := range []*hook.Attempt{
		attempt(200, ""),
		with(attempt(0, ""), func(a *hook.Attempt) { a.Failure, a.Trigger = hook.FailureUnreachable, hook.TriggerManual }),
		with(attempt(500, ""), func(a *hook.Attempt) {
			a.Failure, a.Trigger, a.URL = hook.FailureBroken, hook.TriggerSchedule, "http://h/"+nasty
		}),
		with(attempt(200, ""), func(a *hook.Attempt) {
			a.Endpoint, a.Event, a.Try, a.Acknowledged = "orders", "order/created", 3, new(bool)
			*a.Acknowledged = true
		}),
		with(attempt(202, ""), func(a *hook.Attempt) { a.Event, a.Try, a.Acknowledged = nasty, 12, new(bool) }),
	} {
		table.Row(a)
	}
	deliveries := p.DeliveryTable(map[string]hook.EndpointStatus{"orders": hook.Paused})
	for _, d := range someDeliveries() {
		deliveries.Row(d)
	}
}

// someDeliveries are one in each state, and one whose endpoint is not in use.
func someDeliveries() []*hook.Delivery {
	made := func(change func(*hook.Delivery)) *hook.Delivery {
		return with(&hook.Delivery{
			ID: "dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB", Seq: 4, URL: "http://localhost:3000/hooks", Provider: "recharge",
			Event: hook.Event{Type: "order/created", ID: "evt_1"}, CreatedAt: morning,
			Message: &hook.Message{Method: "POST", ContentType: "application/json", Body: []byte(`{"a":1}`), Header: fields("X-Api-Key", "k")},
		}, change)
	}
	return []*hook.Delivery{
		made(func(d *hook.Delivery) { d.Tries, d.Due = 2, morning.Add(time.Minute) }),
		made(func(d *hook.Delivery) { d.State, d.Tries, d.Endpoint = hook.Succeeded, 1, "orders" }),
		made(func(d *hook.Delivery) { d.State, d.Tries, d.Reason = hook.Lost, 20, "all 20 attempts failed" }),
		made(func(d *hook.Delivery) {
			d.State, d.URL, d.Reason = hook.Cancelled, "", "no endpoint wants order/created"
		}),
		made(func(d *hook.Delivery) {
			d.State, d.URL, d.Event.Type, d.Reason = hook.Lost, "http://h/"+nasty, nasty, nasty
		}),
		made(func(d *hook.Delivery) { d.Tries, d.Due, d.Endpoint = 11, morning.Add(-time.Hour), "orders" }),
	}
}

func showSent(p *render.Printer) {
	deliveries := someDeliveries()
	d := deliveries[0]
	p.Sending(d, "POST", "/hooks?"+nasty, fields("Host", "localhost:3000", "X-Api-Key", "k", "X-A", nasty), []byte(nastyText))
	p.Sent(render.Sent{Delivery: d, Attempt: attempt(200, "ok")})
	failed := with(attempt(500, nasty+"\nsecond line"), func(a *hook.Attempt) { a.Try = 2 })
	p.Sent(render.Sent{Delivery: d, Attempt: failed, Verdict: "500 is no acknowledgement: recharge wants 2xx", Then: []string{"recharge tells the owner of the API token", "attempt 3 follows in 2h31m"}})
	p.Sent(render.Sent{Delivery: d, Attempt: failed, Verdict: "500 is no acknowledgement: recharge wants 2xx", Again: true, Then: []string{"failed for good: " + nasty}})
	p.Sent(render.Sent{Delivery: d, Attempt: with(attempt(0, ""), func(a *hook.Attempt) { a.Failure, a.Reason = hook.FailureUnreachable, "connection refused" }), Verdict: "unreachable: connection refused"})
	for _, d := range deliveries[3:5] {
		p.Unsent(d, d.Reason)
	}
	p.ShowDelivery(d, []*hook.Attempt{failed}, render.ShowOptions{})
	p.ShowDelivery(deliveries[4], nil, render.ShowOptions{Reveal: true})
}

func showStats(p *render.Printer) {
	rows := []render.StatsRow{
		{Endpoint: "orders", Event: "order/created", Count: 1200, Succeeded: 1200, P50: 3 * time.Millisecond, P90: 9 * time.Millisecond, P99: 40 * time.Millisecond, Longest: 2 * time.Second},
		{Endpoint: "http://localhost:3000/a/rather/long/path/of/hooks", Event: "subscription/activated", Count: 600, Succeeded: 599, P50: time.Millisecond, P90: time.Millisecond, P99: time.Second, Longest: 75 * time.Second},
		{Endpoint: "http://localhost:3000/hooks", Event: nasty, Count: 3, Succeeded: 1, Longest: time.Millisecond},
		{Endpoint: nasty, Count: 1},
	}
	total := render.StatsRow{Count: 1804, Succeeded: 1800, P50: 2 * time.Millisecond, P90: 8 * time.Millisecond, P99: 900 * time.Millisecond, Longest: 75 * time.Second, Total: true}
	p.Stats(rows, total, render.StatsOptions{Endpoint: true, Event: true, Bars: render.PlainBars})
	p.Stats(rows[:1], total, render.StatsOptions{Event: true})
	p.Stats(rows[:2], total, render.StatsOptions{Endpoint: true, Bars: render.PlainBars})
}

func showCapture(p *render.Printer) {
	c := capture(`{"id":1,"amount":10.00,"big":12345678901234567890,"escaped":"<\u00e9\/>","id":2,"list":[1,[],{}],"é":null}`,
		"Content-Type", "application/json", "x-Dup", "1", "X-dUp", "2", "X-Empty", "", "Authorization", "Bearer abc", "X-Signature", "v1=abc")
	c.Trailer = fields("X-Sum", "1", "X-Token", "t")
	failed := with(attempt(0, ""), func(a *hook.Attempt) {
		a.Failure, a.Reason, a.Reply, a.Trigger = hook.FailureUnreachable, "connection refused", nil, hook.TriggerManual
	})
	cut := with(attempt(500, "<h1>Internal Server Error</h1>\n", "Content-Type", "text/html", "Set-Cookie", "session=1"), func(a *hook.Attempt) {
		a.ResponseSize = 300_000
	})
	c.Identity = &hook.Identity{
		Provider: "recharge", Event: hook.Event{Type: "order/created", ID: "evt_1", Time: "1763712000", Items: 1},
		Verification: with(verification(hook.Failed), func(v *hook.Verification) { v.Detail = "the secret is another, or the body was changed" }),
	}
	p.ShowCapture(c, []*hook.Attempt{cut, failed}, render.ShowOptions{})
}

func showVerdicts(p *render.Printer) {
	table := p.CaptureTable()
	for _, v := range []*hook.Validation{
		nil, {Outcome: hook.Valid, Schema: "recharge/2021-11/order"}, {Outcome: hook.ValidEnvelope, Schema: "recharge/2021-11/plan"},
		{Outcome: hook.NoSchema, Reason: `the catalog of recharge has no event "order/created"`},
		{Outcome: hook.NotJSON, Reason: "not JSON: it is empty", Faults: []hook.Fault{{Kind: "syntax", Message: "not JSON: it is empty", Line: 1, Column: 1}}},
		{
			Outcome: hook.Invalid, Schema: "recharge/2021-11/order", Fits: "2021-01", Reason: "it fits API version 2021-01, not 2021-11: set api_version",
			Faults: []hook.Fault{{Kind: "type", Pointer: "/order/id", Message: "want integer, got null", Line: 1, Column: 5}},
		},
		{Outcome: hook.Invalid, Schema: "recharge/2021-11/order", More: 2, Faults: []hook.Fault{
			{Kind: "type", Pointer: "/order/id", Message: `want integer, got string "12"`, Line: 3, Column: 9},
			{Kind: "required", Pointer: "", Message: `property "order" is missing`, Line: 1, Column: 1},
			{Kind: "enum", Pointer: "/order/status", Message: `want one of "SUCCESS", "QUEUED"; got "OK"`, Line: 4, Column: 13},
			{Kind: "duplicate_key", Class: hook.ClassDoubt, Pointer: "/order/id", Message: "the key is there twice", Line: 9, Column: 3},
		}},
	} {
		for _, outcome := range []hook.Outcome{hook.Verified, hook.Failed} {
			c := identified(hook.Identity{Provider: "recharge", Event: hook.Event{Type: "order/created"}, Verification: verification(outcome)})
			c.Validation = v
			p.Received(c, render.Remarks{New: []hook.Drift{
				{Kind: "unknown_property", Pointer: "/order/tax", Detail: "number"}, {Kind: "enum_value", Pointer: "/order/status", Detail: `"OK"`},
				{Kind: "null", Pointer: "/order/*/id", Detail: "null, not integer"}, {Kind: "unknown_event"},
			}})
			table.Row(c)
			if outcome == hook.Failed {
				p.ShowCapture(c, nil, render.ShowOptions{})
			}
		}
	}
	late := identified(hook.Identity{Provider: "recharge", Event: hook.Event{Type: "order/created"}, Verification: verification(hook.Verified)})
	late.Validation = &hook.Validation{Outcome: hook.Invalid, Schema: "recharge/2021-11/order", Faults: []hook.Fault{{Kind: "type", Pointer: "/order/id", Message: "want integer, got null"}}}
	p.Assessed(late, render.Remarks{New: []hook.Drift{{Kind: "too_much"}}})
	late.Validation = &hook.Validation{Outcome: hook.NoSchema, Reason: "it may have more than 50000 values"}
	p.Received(late, render.Remarks{Unchecked: true})
	unsigned := identified(hook.Identity{Provider: "retm", Event: hook.Event{Type: "customer.created"}})
	unsigned.Validation = &hook.Validation{Outcome: hook.Valid, Schema: "retm/customer"}
	table.Row(unsigned)
}

func showHostile(p *render.Printer) {
	c := capture(nasty+"\n"+nasty, "Content-Type", "text/plain; x="+nasty, "X-A", nasty)
	c.Target, c.Remote, c.HeadersExact = "/%1b%0a/"+nasty, nasty, false
	c.Identity = &hook.Identity{
		Candidates: []string{nasty}, Event: hook.Event{Type: nasty, ID: nasty, Time: nasty},
		Verification: &hook.Verification{Outcome: hook.Failed, Scheme: nasty, Reason: nasty, Detail: nasty},
	}
	fault := hook.Fault{Kind: nasty, Pointer: "/" + nasty, Rule: nasty, Message: nasty}
	c.Validation = &hook.Validation{Outcome: hook.Invalid, Schema: nasty, Reason: nasty, Faults: []hook.Fault{fault}}
	a := attempt(500, nasty+"\n"+nasty, "Content-Type", "text/plain", "Content-Encoding", nasty)
	a.ResponseProto, a.URL, a.Failure, a.Reason = "HTTP/1.1"+nasty, "http://h/"+nasty, hook.FailureBroken, nasty
	p.Received(c, render.Remarks{Notes: []string{nasty}, New: []hook.Drift{{Kind: nasty, Pointer: nasty, Detail: nasty}}})
	p.Attempted(c, a)
	p.ShowCapture(c, []*hook.Attempt{a}, render.ShowOptions{Reveal: true})
	form := capture("a=%1b%5b2J%e2%80%ae&"+nastyText+"=1&%zz=%00&name=Zo%C3%AB+X", "Content-Type", "application/x-www-form-urlencoded")
	p.ShowCapture(form, nil, render.ShowOptions{})
	p.ShowCapture(capture(`{"`+nastyText+`":"\u001b\u202e"}`), nil, render.ShowOptions{})
}

func showDiff(p *render.Printer) {
	a := capture(`{"data":{"amount":10.0,"items":[1,2,3],"gone":{"a":[1, 2]},"name":"Zo\u00eb","a/b~c":1},"same":true}`,
		"X-Same", "1", "Authorization", "Bearer old", "x-Case", "1", "X-Gone", "g", "X-Two", "1", "X-Two", "2")
	b := capture(`{"same":true,"data":{"amount":10,"items":[1,5],"new":null,"name":"Zoë","a/b~c":{"`+nastyText+`":1}}}`,
		"X-Two", "1", "X-Two", "3", "X-Same", "1", "Authorization", "Bearer new", "X-Case", "1", "X-New", nasty)
	b.Method, b.Target = "PUT", "/recharge?x=2"
	p.DiffCaptures(a, b, render.ShowOptions{})
}

func showMessages(p *render.Printer) {
	p.Facts(render.Fact{Label: "listening", Value: "http://127.0.0.1:4400"}, render.Fact{Label: "to"}, render.Fact{Label: "store", Value: "/home/" + nasty})
	p.Status("ready")
	p.Warn("a secret on the command line shows in the process list")
	p.Error(errors.Join(errors.New("listen: port 4400 is taken"), errors.New(nasty)))
	p.Hint("hookctl listen --port 0")
}
