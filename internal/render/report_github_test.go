package render_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// A command is a workflow command, read as the runner of GitHub does.
type command struct {
	name, message string
	properties    map[string]string
}

func githubCommands(t *testing.T, text string) []command {
	t.Helper()
	var list []command
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, "::")
		info, data, found := strings.Cut(strings.TrimSuffix(rest, "\n"), "::")
		if !ok || !found {
			t.Fatalf("not a command: %s", line)
		}
		name, properties, _ := strings.Cut(info, " ")
		c := command{name: name, message: unescapedData(data), properties: map[string]string{}}
		for property := range strings.SplitSeq(properties, ",") {
			key, value, found := strings.Cut(property, "=")
			if !found {
				t.Errorf("%q is no property, in %s", property, line)
			}
			c.properties[key] = unescapedData(strings.NewReplacer("%3A", ":", "%2C", ",").Replace(value))
		}
		list = append(list, c)
	}
	return list
}

func unescapedData(s string) string {
	return strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(s)
}

func TestGitHubReportCannotBeForged(t *testing.T) {
	commands := githubCommands(t, reported(t, "github", hostile()))
	if len(commands) != 9 { // eight payloads, one of them with two faults
		t.Errorf("got %d commands", len(commands))
	}
	for _, c := range commands {
		var keys []string
		for _, key := range []string{"file", "line", "endLine", "col", "title"} {
			if _, ok := c.properties[key]; ok {
				keys = append(keys, key)
			}
		}
		if len(keys) != len(c.properties) || c.properties["line"] == "" || c.properties["title"] == "" {
			t.Errorf("properties %v", c.properties)
		}
		if c.name != "error" && c.name != "warning" {
			t.Errorf("a %s", c.name)
		}
		if strings.Count(c.message, "\n") > 1 || strings.Contains(c.message, "\r") {
			t.Errorf("%q has lines of its own", c.message)
		}
		for _, value := range c.properties {
			wantSafe(t, value, "")
		}
		wantSafe(t, c.message, "\n")
	}
}

func TestGitHubReportKeepsWhatItEscapes(t *testing.T) {
	fault := hook.Fault{Kind: "type", Class: hook.ClassWrong, Pointer: "/a", Message: "100%, 1:2, %0A", Rule: "x#/a,b", Line: 3, Column: 4}
	r := orderReport("a,b:c%.json", hook.Invalid, faulty("{}", true, fault))
	want := []command{{"error", "/a: 100%, 1:2, %0A\nx#/a,b", map[string]string{
		"file": "a,b:c%.json", "line": "3", "endLine": "3", "col": "4", "title": "recharge order/created: type",
	}}}
	if diff := cmp.Diff(want, githubCommands(t, reported(t, "github", []*validate.Report{r})), cmp.AllowUnexported(command{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is in no file is told by its name: an annotation of a file that is not there would
// be shown nowhere.
func TestGitHubReportOfWhatIsInNoFile(t *testing.T) {
	fault := hook.Fault{Kind: "type", Class: hook.ClassWrong, Pointer: "/id", Message: "want integer", Line: 3, Column: 4}
	r := orderReport("-", hook.Invalid, faulty("{}", true, fault))
	want := []command{{"error", "-:3:4: /id: want integer", map[string]string{"title": "recharge order/created: type"}}}
	if diff := cmp.Diff(want, githubCommands(t, reported(t, "github", []*validate.Report{r}, nowhere)), cmp.AllowUnexported(command{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// nowhere locates no payload.
func nowhere(o *render.ReportOptions) { o.Locate = func(*validate.Report) string { return "" } }

// GitHub shows ten annotations of each level. Who has more is told.
func TestGitHubReportTellsWhatIsNotShown(t *testing.T) {
	for n, want := range map[int]int{10: 0, 11: 1} {
		var told []string
		r := orderReport("a.json", hook.Invalid, faulty(strings.Repeat("{}\n", n), true, many(n)...))
		commands := githubCommands(t, reported(t, "github", []*validate.Report{r}, func(o *render.ReportOptions) {
			o.Notice = func(text string) { told = append(told, text) }
		}))
		if len(commands) != n+want || len(told) != want {
			t.Errorf("%d findings: %d commands, told %q", n, len(commands), told)
		}
	}
}
