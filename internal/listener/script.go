package listener

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A Step is one answer that hookctl gives by itself.
type Step struct {
	// Status is the HTTP status to answer; 0 for a dropped connection.
	Status int
	// Wait is how long before an answer with a status; 0 for what Replies says.
	Wait time.Duration
	// Again is after how long it asks for another attempt, by a Retry-After; 0 for none.
	Again time.Duration
	// Dropped is hook.DroppedTimeout or hook.DroppedReset for no answer at all.
	Dropped string
	// Hold is how long a timeout keeps the connection open before closing it.
	Hold time.Duration
}

// String is the step as it is written in a script.
func (s Step) String() string {
	switch s.Dropped {
	case hook.DroppedTimeout:
		return "timeout(" + provider.Duration(s.Hold).String() + ")"
	case hook.DroppedReset:
		return "reset"
	}
	var parts []string
	if s.Wait > 0 {
		parts = append(parts, provider.Duration(s.Wait).String())
	}
	if s.Again > 0 {
		parts = append(parts, againPart+provider.Duration(s.Again).String())
	}
	text := strconv.Itoa(s.Status)
	if len(parts) > 0 {
		text += "(" + strings.Join(parts, " ") + ")"
	}
	return text
}

// RetryAfter is the value of that header, in whole seconds; "" where it has none.
func (s Step) RetryAfter() string {
	if s.Again <= 0 {
		return ""
	}
	return strconv.FormatFloat(math.Ceil(s.Again.Seconds()), 'f', 0, 64)
}

// againPart begins the part of a step that asks for another attempt.
const againPart = "retry-after="

// ParseScript reads a reply script: steps parted by commas, each a status from 200 to 599,
// "timeout(12s)" or "reset". A status can have in brackets how long it takes, "200(20s)",
// and after how long it asks for another attempt: "429(retry-after=90s)", "503(2s
// retry-after=90s)".
func ParseScript(script string) ([]Step, error) {
	var steps []Step
	for i, word := range strings.Split(script, ",") {
		step, err := parseStep(strings.TrimSpace(word))
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func parseStep(word string) (Step, error) {
	if word == "reset" {
		return Step{Dropped: hook.DroppedReset}, nil
	}
	name, inner, bracket := strings.Cut(strings.TrimSuffix(word, ")"), "(")
	if bracket != strings.HasSuffix(word, ")") {
		bracket, name = false, word // half of them
	}
	if bracket && name == "timeout" {
		hold, err := time.ParseDuration(inner)
		if err != nil || hold < 0 {
			return Step{}, fmt.Errorf("want a duration such as timeout(12s), got %q", word)
		}
		return Step{Dropped: hook.DroppedTimeout, Hold: hold}, nil
	}
	status, err := ParseStatus(name)
	if err != nil {
		return Step{}, fmt.Errorf("want a status from 200 to 599, timeout(DURATION) or reset, got %q", word)
	}
	step := Step{Status: status}
	if bracket && !step.parts(inner) {
		return Step{}, fmt.Errorf("want how long it takes, as %d(20s), or when to try again, as %d(retry-after=90s), got %q", status, status, word)
	}
	return step, nil
}

// parts reads what stands in the brackets of a status, and reports whether it is such.
func (s *Step) parts(inner string) bool {
	words := strings.Fields(inner)
	for _, word := range words {
		text, again := strings.CutPrefix(word, againPart)
		into := &s.Wait
		if again {
			into = &s.Again
		}
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 || *into != 0 {
			return false
		}
		*into = d
	}
	return len(words) > 0
}
