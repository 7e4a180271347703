package render

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// standingWords says why what is held waits.
func standingWords(h *delivery.Happening) string {
	why := "the receiver asked for a pause"
	if h.Standing.Status == hook.Paused {
		why = "the endpoint is paused"
	}
	if h.Next > 0 {
		return why + " until " + Elapsed(h.Next)
	}
	return why
}

// droppedWords says why a delivery ends without an attempt.
func droppedWords(h *delivery.Happening) string {
	why := "the endpoint is " + string(h.Standing.Status)
	if h.Kind == delivery.Unsent {
		return "never sent: " + why
	}
	return why
}

// reasonWords says what went wrong where that is more than the answer's status says, which
// stands beside it.
func reasonWords(h *delivery.Happening) string {
	switch {
	case h.Answer.Outage:
		return ""
	case h.Answer.Failure == hook.FailureUnreachable || h.Answer.Failure == hook.FailureBroken:
		return h.Answer.Reason
	case h.Answer.Failure == "" && h.Step.Verdict.Reason == strconv.Itoa(h.Answer.Status)+" is no acknowledgement":
		return ""
	case h.Step.Course.State == hook.Lost && strings.HasPrefix(h.Step.Reason, h.Step.Verdict.Reason):
		return ""
	}
	return h.Step.Verdict.Reason
}

// endsEndpoint reports whether nothing goes to the endpoint any more.
func endsEndpoint(effects []delivery.Effect) bool {
	for _, e := range effects {
		if e.Do == provider.Delete || e.Do == provider.Disable {
			return true
		}
	}
	return false
}

// Elapsed is a length of time as timelines show it: "0s", "1.5s", "5m5s", "2h31m35s",
// "1d 3h".
func Elapsed(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	d = d.Round(time.Second)
	const day = 24 * time.Hour
	text := provider.Duration(d % day).String()
	switch days := d / day; {
	case days == 0:
		return text
	case d%day == 0:
		return fmt.Sprintf("%dd", days)
	default:
		return fmt.Sprintf("%dd %s", days, text)
	}
}

// ranges are ascending numbers in words: "1 to 3, 5".
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		k := i
		for k+1 < len(numbers) && numbers[k+1] == numbers[k]+1 {
			k++
		}
		switch k - i {
		case 0:
			parts = append(parts, strconv.Itoa(numbers[i]))
		case 1:
			parts = append(parts, strconv.Itoa(numbers[i]), strconv.Itoa(numbers[k]))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", numbers[i], numbers[k]))
		}
		i = k + 1
	}
	return strings.Join(parts, ", ")
}
