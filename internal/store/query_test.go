package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// sample is the capture that the table of queries is about.
func sample() *hook.Capture {
	c := &hook.Capture{
		ID: "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AB", ReceivedAt: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC),
		Method: "post", Target: "/orders/a%20b?x=/y", Reply: &hook.Reply{Status: 503, From: hook.FromEndpoint},
		Identity: &hook.Identity{
			Provider: "ReCharge", Event: hook.Event{Type: "order/created", ID: "evt_9f-A"},
			Verification: &hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch"},
		},
	}
	setBody(c, hook.Bytes(`{"Name": "Ann \"B\"", "é": 1}`))
	return c
}

func TestQueriesMatch(t *testing.T) {
	brasilia := time.FixedZone("BRT", -3*60*60)
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		query string
		want  bool
	}{
		{"", true}, {"  \t ", true},
		{"method:POST", true}, {"method:post", true}, {"method:GET", false}, {"-method:GET", true}, {"method:POST method:GET", false},
		{"path:/orders/a%20b", true}, {"path:/orders", false}, {"path:/orders/*", true}, {"path:/*b", true}, {"path:*", true},
		{"path:/orders/a?20b", true}, {"path:/orders/a?b", false}, {`path:"/orders/*"`, true}, {`"path:/orders/*"`, true}, {`-"path:/orders/*"`, false},
		{"status:503", true}, {"status:>=500", true}, {"status:>503", false}, {"status:<300", false}, {"status:<=503", true}, {"status:5xx", true},
		{"status:5XX", true}, {"status:2xx", false}, {"status:500..599", true}, {"status:none", false}, {"-status:none", true}, {"status:0", false},
		{"since:3h", true}, {"since:2h", false}, {"since:2h30m", true}, {"until:2h", true}, {"until:2.5h", false}, {"since:1d", true}, {"since:1w", true},
		{"since:today", true}, {"since:yesterday", true}, {"until:today", false}, {"since:2026-11-21", true}, {"until:2026-11-22", true},
		{"since:2026-11-21T09:30", true}, {"until:2026-11-21T09:30", false}, {"since:2026-11-21T09:30:00+01:00", true}, {"since:2026-11-21T09:30:00-01:00", false},
		{"id:01JD", true}, {"id:cap_01jd", true}, {"id:yz6ab", true}, {"id:CAP_01JD7Q3V9K4M2N8PXR5TWYZ6AB", true}, {"id:Q3V9", false},
		{"id:evt_9f-A", true}, {"id:evt_9f-a", false}, {"id:evt_9f", false}, {"-id:evt_9f-A", false}, {"id:hello!", false}, {`id:"no id"`, false},
		{"provider:recharge", true}, {"provider:RECHARGE", true}, {"provider:rech", false}, {"provider:rech*", false}, {"provider:none", false},
		{"-provider:none", true}, {"-provider:techrar", true},
		{"event:order/created", true}, {"event:order/*", true}, {"event:*created", true}, {"event:ORDER/*", false}, {"event:order", false}, {"event:*", true},
		{"-event:order/*", false}, {"event:order/create?", true},
		{"verified:no", true}, {"verified:failed", true}, {"verified:yes", false}, {"verified:unchecked", false}, {"-verified:yes", true},
		{"body:ann", true}, {"ANN", true}, {`body:"Ann \"B\""`, false}, {`body:"Ann \\\"B\\\""`, true}, {"body:é", true}, {"body:É", false}, {"-bob", true}, {"-ann", false},
		{"method:POST status:503 path:/orders/* ann", true},
	} {
		q, err := store.ParseQuery(test.query, now)
		if err != nil {
			t.Errorf("%s: %v", test.query, err)
			continue
		}
		if got, err := q.Match(sample()); err != nil || got != test.want {
			t.Errorf("%s: %v, %v", test.query, got, err)
		}
	}
	// 09:30 UTC is 06:30 in Brasília, where at 12:00 UTC of the 21st it is the 21st too.
	q, err := store.ParseQuery("since:2026-11-21T06:30 until:2026-11-21T06:31 since:today", now.In(brasilia))
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := q.Match(sample()); !ok || err != nil {
		t.Error("days are not those of now's location", err)
	}
}

func TestQueriesWithoutReply(t *testing.T) {
	none, dropped := sample(), sample()
	none.Reply, dropped.Reply = nil, &hook.Reply{Dropped: hook.DroppedReset}
	for _, test := range []struct {
		query         string
		none, dropped bool
	}{
		{"status:none", true, false}, {"-status:none", false, true}, {"status:<600", false, false}, {"status:0", false, true}, {"-status:200", true, true},
	} {
		q, err := store.ParseQuery(test.query, noon())
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := q.Match(none); got != test.none {
			t.Errorf("%s: %v without a reply", test.query, got)
		}
		if got, _ := q.Match(dropped); got != test.dropped {
			t.Errorf("%s: %v for a dropped connection", test.query, got)
		}
	}
}

func TestQueriesForWhatIsNotKnown(t *testing.T) {
	nobody, unsure, unchecked, verified := sample(), sample(), sample(), sample()
	nobody.Identity = nil
	unsure.Identity = &hook.Identity{Candidates: []string{"clazar", "svix"}}
	unchecked.Identity.Verification = &hook.Verification{Outcome: hook.NotChecked, Reason: "no_secret"}
	verified.Identity.Verification = &hook.Verification{Outcome: hook.Verified}
	for _, test := range []struct {
		query                               string
		nobody, unsure, unchecked, verified bool
	}{
		{"provider:none", true, true, false, false},
		{"-provider:none", false, false, true, true},
		{"provider:svix", false, false, false, false},
		{"event:*", false, false, true, true},
		{"-event:*", true, true, false, false},
		{"verified:yes", false, false, false, true},
		{"verified:verified", false, false, false, true},
		{"verified:no", false, false, false, false},
		{"verified:unchecked", true, true, true, false},
		{"verified:not_checked", true, true, true, false},
		{"-verified:unchecked", false, false, false, true},
		{"id:evt_9f-A", false, false, true, true},
	} {
		q, err := store.ParseQuery(test.query, noon())
		if err != nil {
			t.Fatal(err)
		}
		for _, of := range []struct {
			what string
			c    *hook.Capture
			want bool
		}{
			{"an unknown sender", nobody, test.nobody}, {"several candidates", unsure, test.unsure},
			{"an unchecked signature", unchecked, test.unchecked}, {"a verified one", verified, test.verified},
		} {
			if got, err := q.Match(of.c); got != of.want || err != nil {
				t.Errorf("%s: %v for %s, %v", test.query, got, of.what, err)
			}
		}
	}
}

func TestQueryErrorsSayWhereAndWhat(t *testing.T) {
	for _, test := range []struct {
		query, want string
	}{
		{"stauts:500", `query, column 1: unknown field "stauts" (a text with a colon is written "body:stauts:…"); did you mean status:?; there are method, path, status, provider, event, verified, valid, since, until, id, body`},
		{"ann Path:/x", `query, column 5: unknown field "Path" (a text with a colon is written "body:Path:…"); did you mean path:?; there are method, path, status, provider, event, verified, valid, since, until, id, body`},
		{"http://localhost", `query, column 1: unknown field "http" (a text with a colon is written "body:http:…"); there are method, path, status, provider, event, verified, valid, since, until, id, body`},
		{"path:", "query, column 1: path: has no value"},
		{`""`, "query, column 1: body: has no value"},
		{`method:GET path:"/a`, "query, column 17: the quote is not closed"},
		{"status:abc", `query, column 1: status: "abc" is not like 200, >=500, <300, 5xx, 200..299 or none`},
		{"status:>=", `query, column 1: status: ">=" is not like 200, >=500, <300, 5xx, 200..299 or none`},
		{"status:1000", `query, column 1: status: "1000" is not like 200, >=500, <300, 5xx, 200..299 or none`},
		{"since:soon", `query, column 1: "soon" is not a time such as 2h, 1d, today, yesterday, 2006-01-02, 2006-01-02T15:04 or RFC 3339`},
		{"since:-2h", `query, column 1: "-2h" is not a time such as 2h, 1d, today, yesterday, 2006-01-02, 2006-01-02T15:04 or RFC 3339`},
		{"verified:maybe", `query, column 1: verified: "maybe" is not yes, no, unchecked, verified, failed or not_checked`},
		{"valid:maybe", `query, column 1: valid: want yes, no or unchecked, or one of valid, invalid, envelope, not_json and no_schema, got "maybe"`},
		{"a provider:", "query, column 3: provider: has no value"},
	} {
		_, err := store.ParseQuery(test.query, noon())
		var at *store.QueryError
		if !errors.As(err, &at) || err.Error() != test.want || at.Query != test.query {
			t.Errorf("%s:\n got %v\nwant %s", test.query, err, test.want)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"", "method:POST", `path:"/a b" -status:5xx`, "since:1d12h until:today", `"a\"b" x`, "id:01JD", "status:200..299", "-", "--x", "since:9999999w", "provider:none -verified:unchecked", "valid:no -valid:envelope", "event:order/* id:evt_1", "\xff:\x00"} {
		f.Add(seed)
	}
	now := noon()
	f.Fuzz(func(t *testing.T, text string) {
		q, err := store.ParseQuery(text, now)
		var at *store.QueryError
		if err != nil && (!errors.As(err, &at) || at.Pos < 0 || at.Pos > len(text) || at.Query != text) {
			t.Errorf("%q: %#v", text, err)
		}
		if err != nil {
			return
		}
		if _, err := q.Match(sample()); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
