package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

func TestDiff(t *testing.T) {
	body := func(path, kind, before, after string) render.Difference {
		return render.Difference{Where: render.InBody, Path: path, Kind: kind, Old: before, New: after}
	}
	deep := strings.Repeat("[", 1002) + "1" + strings.Repeat("]", 1002)
	long := strings.Repeat("a\n", 1001)
	for name, tc := range map[string]struct {
		before, after string
		want          []render.Difference
	}{
		"alike":                         {`{"a":1}`, `{"a":1}`, nil},
		"value":                         {`{"a":{"b":[1,2]}}`, `{"a":{"b":[1,3]}}`, []render.Difference{body("/a/b/1", render.Changed, "2", "3")}},
		"type":                          {`{"a":{ "b": 1 }}`, `{"a":[1]}`, []render.Difference{body("/a", render.Changed, `{"b":1}`, "[1]")}},
		"at the root":                   {`1`, `"1"`, []render.Difference{body("", render.Changed, "1", `"1"`)}},
		"null and absence":              {`{"a":null}`, `{}`, []render.Difference{body("/a", render.Removed, "null", "")}},
		"longer array":                  {`[1]`, `[1,2,3]`, []render.Difference{body("/1", render.Added, "", "2"), body("/2", render.Added, "", "3")}},
		"number written differently":    {`[1.0,1e2,-0,0.5]`, `[1,100,0,5E-1]`, []render.Difference{body("/0", render.Rewritten, "1.0", "1"), body("/1", render.Rewritten, "1e2", "100"), body("/2", render.Rewritten, "-0", "0"), body("/3", render.Rewritten, "0.5", "5E-1")}},
		"number beyond float64":         {`[12345678901234567890]`, `[12345678901234567891]`, []render.Difference{body("/0", render.Changed, "12345678901234567890", "12345678901234567891")}},
		"huge exponents":                {`[1e999999999,1e99999999999999999999]`, `[1e1000000000,1e99999999999999999998]`, []render.Difference{body("/0", render.Changed, "1e999999999", "1e1000000000"), body("/1", render.Changed, "1e99999999999999999999", "1e99999999999999999998")}},
		"string written differently":    {`["\u00e9"]`, `["é"]`, []render.Difference{body("/0", render.Rewritten, `"\u00e9"`, `"é"`)}},
		"strings that are no Unicode":   {`["\ud800"]`, `["\udc00"]`, []render.Difference{body("/0", render.Changed, `"\ud800"`, `"\udc00"`)}},
		"white space and order of keys": {`{"a":1,"b":2}`, `{"b": 2, "a": 1}`, []render.Difference{body("", render.Rewritten, "", "")}},
		"keys with slash and tilde":     {`{"a/b~":1}`, `{"a/b~":2}`, []render.Difference{body("/a~1b~0", render.Changed, "1", "2")}},
		"repeated keys":                 {`{"a":1,"a":2}`, `{"a":1,"a":3}`, []render.Difference{body("/a (2)", render.Changed, "2", "3")}},
		"lines": {"a\nb\nc\nd", "a\nx\nc\nd\ne", []render.Difference{
			body("line 2", render.Removed, "b\n", ""), body("line 2", render.Added, "", "x\n"),
			body("line 4", render.Removed, "d", ""), body("line 4", render.Added, "", "d\n"), body("line 5", render.Added, "", "e"),
		}},
		"an inserted line": {"a\nc\n", "a\nb\nc\n", []render.Difference{body("line 2", render.Added, "", "b\n")}},
		"JSON and text":    {`{}`, `x`, []render.Difference{body("line 1", render.Removed, "{}", ""), body("line 1", render.Added, "", "x")}},
		"JSON and no body": {`{}`, ``, []render.Difference{body("line 1", render.Removed, "{}", "")}},
		"binary":           {"\x00", "\x01", []render.Difference{body("", render.Changed, whole("\x00"), whole("\x01"))}},
		"JSON too deep":    {deep, deep + "\n", []render.Difference{body("line 1", render.Removed, deep, ""), body("line 1", render.Added, "", deep+"\n")}},
		"too many lines":   {long, strings.ReplaceAll(long, "a", "b"), []render.Difference{body("", render.Changed, whole(long), whole(strings.ReplaceAll(long, "a", "b")))}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := render.Diff(capture(tc.before), capture(tc.after))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// whole is how a body that is not looked into is named.
func whole(body string) string {
	return fmt.Sprintf("%d bytes, sha256 %x", len(body), capture(body).BodySHA256)
}

func TestDiffMasksSecretsForPeopleOnly(t *testing.T) {
	a, b := capture("", "X-Api-Key", "old"), capture("", "X-Api-Key", "new")
	list, err := render.Diff(a, b)
	if err != nil {
		t.Fatal(err)
	}
	want := []render.Difference{{Where: render.InHeader, Path: "x-api-key", Kind: render.Changed, Old: "old", New: "new"}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for reveal, want := range map[bool]string{
		false: "header\n  ~ x-api-key  ******** -> ********\n", true: "header\n  ~ x-api-key  old -> new\n",
	} {
		got := printed(t, options(), func(p *render.Printer) {
			if differ, err := p.DiffCaptures(a, b, render.ShowOptions{Reveal: reveal}); !differ || err != nil {
				t.Errorf("got %t, %v", differ, err)
			}
		})
		if got != want {
			t.Errorf("reveal %t: got %q, want %q", reveal, got, want)
		}
	}
}

func TestDiffOfTheSameWritesNothing(t *testing.T) {
	got := printed(t, options(), func(p *render.Printer) {
		if differ, err := p.DiffCaptures(capture("{}"), capture("{}"), render.ShowOptions{}); differ || err != nil {
			t.Errorf("got %t, %v", differ, err)
		}
	})
	if got != "" {
		t.Errorf("wrote %q", got)
	}
}

func FuzzDiff(f *testing.F) {
	f.Add(`{"a":[1,2.0,{"b":"\u00e9"}]}`, `{"a":[1,2,{"b":"é","c":null}]}`)
	f.Add("a\nb\n", "a\nc")
	f.Add(nasty, "")
	f.Fuzz(func(t *testing.T, before, after string) {
		list, err := render.Diff(capture(before), capture(after))
		if err != nil {
			t.Fatal(err)
		}
		if (len(list) == 0) != (before == after) {
			t.Errorf("%d differences", len(list))
		}
		for _, d := range list {
			if d.Kind != render.Rewritten && d.Old == d.New {
				t.Errorf("no difference in %+v", d)
			}
		}
		got := printed(t, options(), func(p *render.Printer) {
			p.DiffCaptures(capture(before), capture(after), render.ShowOptions{})
		})
		wantSafe(t, got, "\n")
	})
}

var _ hook.Body = unreadable{}
