package render_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// Whatever a sender writes, there is one line for each payload, and for each fault the
// lines that a fault has.
func TestTextReportCannotBeForged(t *testing.T) {
	text := reported(t, "text", hostile())
	for pattern, want := range map[string]int{
		`(?m)^[x*?]  `:     len(hostile()),
		`(?m)^ +type at `:  5,
		`(?m)^ +\d+ \| `:   4, // two faults are at one place
		`(?m)^ +\| +\^+$`:  4,
		`(?m)^\d+ payload`: 1,
		`(?m)^ok `:         0,
		`(?m)^error`:       0,
	} {
		if got := len(regexp.MustCompile(pattern).FindAllString(text, -1)); got != want {
			t.Errorf("%s: %d lines, want %d in\n%s", pattern, got, want, text)
		}
	}
}

func TestTextReportOfNothingWrongIsItsSum(t *testing.T) {
	fine := []*validate.Report{orderReport("a.json", hook.Valid), orderReport("b.json", hook.ValidEnvelope)}
	if got, want := reported(t, "text", fine), "2 payloads: 1 valid, 1 envelope only\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want := "v  a.json  recharge order/created  valid\n~  b.json  recharge order/created  envelope only\n\n2 payloads: 1 valid, 1 envelope only\n"
	if got := reported(t, "text", fine, func(o *render.ReportOptions) { o.Verbose = true }); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What does not count against the run says so.
func TestFaultsThatDoNotCountAreWarnings(t *testing.T) {
	missing := at(`{"id":1}`, "{", "required", hook.ClassMissing, "", "the property total is not there")
	wrong := at(`{"id":1}`, "1", "type", hook.ClassWrong, "/id", "want a string, got 1")
	doubt := at(`{"id":1}`, `"id"`, "duplicate_key", hook.ClassDoubt, "/id", "the key is there twice")
	for name, tc := range map[string]struct {
		failOn validate.FailOn
		failed bool
		faults []hook.Fault
		want   string
	}{
		"only the wrong":            {validate.FailWrong, true, []hook.Fault{missing, doubt, wrong}, "warning,note,error"},
		"the missing too":           {validate.FailMissing, true, []hook.Fault{missing, doubt, wrong}, "error,note,error"},
		"the unknown":               {validate.FailUnknown, true, []hook.Fault{missing, doubt, wrong}, "error,note,error"},
		"every doubt":               {validate.FailDoubt, true, []hook.Fault{missing, doubt, wrong}, "error,error,error"},
		"nothing":                   {validate.FailNever, false, []hook.Fault{missing, doubt, wrong}, "warning,note,warning"},
		"unsaid, the worst":         {"", true, []hook.Fault{doubt, missing}, "note,error"},
		"a missing that may be":     {validate.FailWrong, false, []hook.Fault{missing}, "warning"},
		"a doubt, where these fail": {validate.FailDoubt, true, []hook.Fault{doubt}, "error"},
	} {
		t.Run(name, func(t *testing.T) {
			r := orderReport("a.json", hook.Invalid, faulty(`{"id":1}`, tc.failed, tc.faults...))
			text := reported(t, "text", []*validate.Report{r}, func(o *render.ReportOptions) { o.FailOn = tc.failOn })
			var levels []string
			for _, line := range regexp.MustCompile(`(?m)^a\.json:1:\d: (warning|note)?`).FindAllStringSubmatch(text, -1) {
				levels = append(levels, line[1])
				if line[1] == "" {
					levels[len(levels)-1] = "error"
				}
			}
			if got := strings.Join(levels, ","); got != tc.want {
				t.Errorf("got %s, want %s in\n%s", got, tc.want, text)
			}
		})
	}
}

// A payload that must be refused is told by that alone.
func TestPayloadsThatMustFail(t *testing.T) {
	for name, tc := range map[string]struct {
		outcome hook.Validity
		class   hook.Class
		failOn  validate.FailOn
		want    string
	}{
		"refused":                            {hook.Invalid, hook.ClassMissing, validate.FailMissing, "refused, as it must be"},
		"refused as it is not JSON":          {hook.NotJSON, hook.ClassWrong, validate.FailMissing, "refused, as it must be"},
		"refused for a doubt":                {hook.Valid, hook.ClassDoubt, validate.FailDoubt, "refused, as it must be"},
		"refused where nothing counts":       {hook.Invalid, hook.ClassMissing, validate.FailNever, "refused, as it must be"},
		"accepted":                           {hook.Valid, hook.ClassDoubt, validate.FailMissing, "accepted, but must be refused"},
		"accepted as what is missing may be": {hook.Invalid, hook.ClassMissing, validate.FailWrong, "accepted, but must be refused"},
		"accepted where nothing counts":      {hook.Valid, hook.ClassDoubt, validate.FailNever, "accepted, but must be refused"},
		"neither, as nobody knows the event": {hook.NoSchema, hook.ClassDoubt, validate.FailMissing, "must be refused, but has no schema"},
	} {
		t.Run(name, func(t *testing.T) {
			fault := at(`{"id":1}`, `"id"`, "duplicate_key", tc.class, "/id", "the key is there twice")
			r := orderReport("a.json", tc.outcome, faulty(`{"id":1}`, false, fault), func(r *validate.Report) { r.MustFail = true })
			text := reported(t, "text", []*validate.Report{r}, func(o *render.ReportOptions) { o.FailOn, o.Verbose = tc.failOn, true })
			head, rest, _ := strings.Cut(text, "\n")
			if !strings.HasSuffix(head, "  "+tc.want) || strings.Contains(rest, "duplicate_key") != (tc.outcome == hook.NoSchema) {
				t.Errorf("got\n%s", text)
			}
		})
	}
}

func TestTextReportCutsManyFaults(t *testing.T) {
	for n, want := range map[int]string{10: "", 11: "and 1 more (--format json has them all)"} {
		r := orderReport("a.json", hook.Invalid, faulty(strings.Repeat("{}\n", n), true, many(n)...))
		text := reported(t, "text", []*validate.Report{r})
		if got := strings.Count(text, "required at"); got != 10 {
			t.Errorf("%d faults of %d", got, n)
		}
		if strings.Contains(text, "more") != (want != "") || !strings.Contains(text, want) {
			t.Errorf("%d: want %q in\n%s", n, want, text)
		}
	}
}

// A payload of another API version is told to be one, in every format.
func TestReportsTellOfAnotherVersion(t *testing.T) {
	wrong := at(`{"id":1}`, "1", "type", hook.ClassWrong, "/id", "want a string, got 1")
	r := orderReport("a.json", hook.Invalid, faulty(`{"id":1}`, true, wrong), func(r *validate.Report) {
		r.Validation.Fits, r.Validation.Reason = "2021-01", "it fits API version 2021-01, not 2021-11: set api_version"
	})
	for _, format := range render.ReportFormats() {
		if text := reported(t, format, []*validate.Report{r}); strings.Count(text, r.Validation.Reason) == 0 {
			t.Errorf("%s: got\n%s", format, text)
		}
	}
	head, _, _ := strings.Cut(reported(t, "text", []*validate.Report{r}), "\n")
	if want := "x  a.json  recharge order/created  invalid, 1 fault; " + r.Validation.Reason; head != want {
		t.Errorf("got %q, want %q", head, want)
	}
	plain := reported(t, "text", []*validate.Report{r})
	r.Validation.Fits, r.Validation.Reason = forgery, forgery
	if forged := reported(t, "text", []*validate.Report{r}); strings.Count(forged, "\n") != strings.Count(plain, "\n") || strings.Contains(forged, "\x1b") {
		t.Errorf("the reason forges lines:\n%s", forged)
	}
}

// A fault without a place, as when checking took too long, has no excerpt.
func TestFaultWithoutAPlace(t *testing.T) {
	late := hook.Fault{Kind: "deadline", Class: hook.ClassWrong, Message: "checking took longer than 5s"}
	text := reported(t, "text", []*validate.Report{orderReport("a.json", hook.Invalid, faulty("{}", true, late))})
	if !strings.Contains(text, "\na.json: checking took") || strings.Contains(text, "|") {
		t.Errorf("got\n%s", text)
	}
}

// A capture on a line of its own has a body with lines of its own.
func TestFaultsOfACaptureAreAtItsLine(t *testing.T) {
	fault := at(orderText, "true", "type", hook.ClassWrong, "/total", "want number")
	r := orderReport("a.ndjson", hook.Invalid, faulty(orderText, true, fault), func(r *validate.Report) { r.Line, r.Inside = 7, true })
	for format, want := range map[string]string{
		"text": "\na.ndjson:7: want number\n    type at /total", "github": "file=a.ndjson,line=7,endLine=7,title=", "json": `"line":3,"column":`,
	} {
		if text := reported(t, format, []*validate.Report{r}); !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
}
