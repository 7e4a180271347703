package render

import (
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/validate"
)

// TotalLine sums up a run: "12 payloads: 9 valid, 1 envelope only, 2 invalid (3 faults)".
func TotalLine(t validate.Total) string {
	line := joined(counted(t.Payloads(), "payload"), outcomes(t))
	if t.Doubts > 0 {
		line += "; " + counted(t.Doubts, "doubt")
	}
	line += refusals(t)
	if t.Interrupted {
		line += "; interrupted"
	}
	return line
}

// refusals are how those did that must be refused.
func refusals(t validate.Total) string {
	of := t.Refused + t.Accepted + t.Unjudged
	all := " of " + strconv.Itoa(of) + " that must be refused "
	switch {
	case of == 0:
		return ""
	case t.Refused == of:
		return "; " + strconv.Itoa(of) + " refused, as must be"
	case t.Unjudged == 0:
		return "; " + strconv.Itoa(t.Accepted) + all + were(t.Accepted) + " accepted"
	case t.Accepted == 0:
		return "; " + strconv.Itoa(t.Unjudged) + all + "could not be checked"
	}
	return "; " + strconv.Itoa(t.Accepted) + all + were(t.Accepted) + " accepted, and " + strconv.Itoa(t.Unjudged) + " could not be checked"
}

// outcomes are those that there are, each with its number.
func outcomes(t validate.Total) string {
	faults := ""
	if t.Faults > 0 {
		faults = " (" + counted(t.Faults, "fault") + ")"
	}
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{t.Valid, " valid"}, {t.Envelope, " envelope only"}, {t.Invalid, " invalid" + faults},
		{t.NoSchema, " without a schema"}, {t.NotJSON, " not JSON"}, {t.Trouble, " unreadable"},
	} {
		if part.n > 0 {
			parts = append(parts, strconv.Itoa(part.n)+part.what)
		}
	}
	return strings.Join(parts, ", ")
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
