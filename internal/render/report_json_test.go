package render_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// A jsonPayload is a line of the JSON report, as a reader may declare it.
type jsonPayload struct {
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Entry    int    `json:"entry"`
	Provider string `json:"provider"`
	Event    string `json:"event"`
	Outcome  string `json:"outcome"`
	Schema   string `json:"schema"`
	OK       bool   `json:"ok"`
	MustFail bool   `json:"must_fail"`
	Reason   string `json:"reason"`
	Fits     string `json:"fits"`
	More     int    `json:"more"`
	Errors   []struct {
		Kind, Class, Pointer, Rule, Message string
		Line, Column, Offset                int
	} `json:"errors"`
}

func jsonPayloads(t *testing.T, text string) []jsonPayload {
	t.Helper()
	var list []jsonPayload
	for line := range strings.Lines(text) {
		dec := json.NewDecoder(strings.NewReader(line))
		dec.DisallowUnknownFields()
		var p jsonPayload
		if err := dec.Decode(&p); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if p.Errors == nil {
			t.Errorf("no list of errors in %s", line)
		}
		list = append(list, p)
	}
	return list
}

func TestJSONReportIsExact(t *testing.T) {
	reports := append(ordinary(), hostile()...)
	payloads := jsonPayloads(t, reported(t, "json", reports))
	if len(payloads) != len(reports) {
		t.Fatalf("%d objects for %d payloads", len(payloads), len(reports))
	}
	for i, r := range reports {
		p := payloads[i]
		want := jsonPayload{
			Path: asText(r.Path), Line: r.Line, Entry: r.Entry, Provider: asText(r.Provider), Event: asText(r.Event),
			Outcome: string(r.Validation.Outcome), Schema: asText(r.Validation.Schema), OK: !r.Failed, MustFail: r.MustFail,
			Reason: asText(r.Validation.Reason), Fits: asText(r.Validation.Fits), More: r.Validation.More, Errors: p.Errors,
		}
		if r.Trouble != nil {
			want.Outcome, want.Reason, want.OK = "unreadable", asText(r.Trouble.Error()), false
		}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Errorf("payload %d (-want +got):\n%s", i, diff)
		}
		if len(p.Errors) != len(r.Validation.Faults) {
			t.Errorf("payload %d: %d errors for %d faults", i, len(p.Errors), len(r.Validation.Faults))
			continue
		}
		for j, f := range r.Validation.Faults {
			got := p.Errors[j]
			line := f.Line
			if r.Line > 0 {
				line += r.Line - 1
			}
			want := []any{f.Kind, string(f.Class), asText(f.Pointer), asText(f.Rule), asText(f.Message), line, f.Column, f.Offset}
			if diff := cmp.Diff(want, []any{got.Kind, got.Class, got.Pointer, got.Rule, got.Message, got.Line, got.Column, got.Offset}); diff != "" {
				t.Errorf("payload %d, error %d (-want +got):\n%s", i, j, diff)
			}
		}
	}
}

// asText is text as JSON can hold it: each byte that is not UTF-8 becomes U+FFFD.
func asText(s string) string { return string([]rune(s)) }

func TestJSONReportLeavesOutWhatIsNotThere(t *testing.T) {
	got := reported(t, "json", []*validate.Report{orderReport("a.json", hook.Valid)})
	want := `{"path":"a.json","provider":"recharge","event":"order/created","outcome":"valid","schema":"recharge/2021-11/order","ok":true,"errors":[]}` + "\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestJSONReportOfValidPayloadsAllocatesNothing(t *testing.T) {
	reporter, err := render.NewReporter("json", io.Discard, render.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r := orderReport("fixtures/order.json", hook.Valid)
	if n := testing.AllocsPerRun(100, func() { _ = reporter.Report(r) }); n != 0 {
		t.Errorf("%v allocations for each payload, want none", n)
	}
}

func BenchmarkJSONReport(b *testing.B) {
	reporter, err := render.NewReporter("json", io.Discard, render.ReportOptions{})
	if err != nil {
		b.Fatal(err)
	}
	r := orderReport("fixtures/order.json", hook.Valid)
	for b.Loop() {
		_ = reporter.Report(r)
	}
}
