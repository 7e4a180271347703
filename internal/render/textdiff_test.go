package render_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/render"
)

func TestTextDiff(t *testing.T) {
	for name, test := range map[string]struct{ before, after, want string }{
		"nothing":         {"a\n", "a\n", ""},
		"a line in place": {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n", "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
		"at the begin":    {"a\nb\n", "x\na\nb\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n+x\n a\n b\n"},
		"at the end":      {"a\nb\n", "a\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,1 @@\n a\n-b\n"},
		"two places":      {"a\nb\nc\nd\n", "a\nx\nc\ny\n", "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n a\n-b\n+x\n c\n-d\n+y\n"},
		"all of it":       {"a\n", "", "--- a/f\n+++ b/f\n@@ -1,1 +0,0 @@\n-a\n"},
		"no line's end":   {"a", "a\nb", "--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"},
		"spaces stay":     {"a  \n\n", "b  \n\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a  \n+b  \n \n"},
		"nothing escapes": {"a\n", "\x1b[31m\n", "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n+\\x1b[31m\n"},
		"Windows":         {"a\r\n", "b\r\n", "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n+b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := printed(t, options(func(*render.Options) {}), func(p *render.Printer) {
				if err := p.TextDiff("f", []byte(test.before), []byte(test.after)); err != nil {
					t.Error(err)
				}
			})
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
