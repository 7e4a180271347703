package cli

import (
	"strings"
	"testing"
)

// What newcomers type is answered with what they meant.
func TestMistakesAreAnswered(t *testing.T) {
	for line, want := range map[string]string{
		"endpoint delete orders":                     "did you mean hookctl endpoint remove?",
		"endpoint pause orders":                      "did you mean hookctl endpoint disable?",
		"endpoint update orders":                     "did you mean hookctl endpoint edit?",
		"endpoint rotate orders":                     "did you mean hookctl endpoint rotate-secret?",
		"endpoint ad orders":                         "did you mean hookctl endpoint add?",
		"endpoint add orders http://localhost:3000":  "--url http://localhost:3000 names the target",
		"endpoint add orders --to 3000":              "did you mean --url?",
		"endpoint add orders --url 1 --event x":      "did you mean --events?",
		"endpoint edit orders --rate 5/s":            "did you mean --rate-limit?",
		"endpoint test orders order/created":         "--event order/created names the event",
		"attempts last":                              "did you mean hookctl attempts show?",
		"simulate recharge order/created --to 1":     "--event order/created names the event",
		"simulate recharge 3000":                     "--to 3000 names the target",
		"simulate recharge --url 3000":               "did you mean --to?",
		"send recharge order/created 3000":           "--to 3000 sends to it",
		"send recharge http://u:p@localhost/x":       "--to 'http://********@localhost/x' sends to it",
		"send recharge --event order/created --to 1": "events are named after the provider: hookctl send PROVIDER EVENT --to URL",
		"send recharge --data x --to 1":              "did you mean --body?",
		"send recharge order/create --to 1":          "did you mean",
		"replay last 3000":                           "--to 3000 names the target",
		"replay --all http://localhost:3000":         "--to http://localhost:3000 names the target",
		"replay last --url 3000":                     "did you mean --to?",
		"endpoint add a --url 1 --events one,two":    "--events order/created --events 'charge/*' names two",
	} {
		status, _, got := runIn(t, t.TempDir(), strings.Fields(line)...)
		if status != exitUsage || !strings.Contains(got, "hint: "+want) || strings.Contains(got, "u:p") {
			t.Errorf("hookctl %s: want the hint %q, got %s", line, want, got)
		}
	}
}
