package store

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/suggest"
)

// ParseQuery reads a query: conditions apart by spaces, all of which must hold.
//
//	method:POST        the method, in any case
//	path:/orders/*     the path; * is any characters, ? is one
//	status:500         the reply's status; also >=500, <300, 5xx, 200..299, and none: no reply yet
//	provider:recharge  who sent it, in any case; none: not recognised
//	event:order/*      the event's type, as a path
//	verified:yes       the signature holds; also no: it does not, and unchecked
//	valid:yes          the body is what the catalog says; also no: it is not, unchecked, or an outcome
//	since:2h until:1h  received at or after, and before: an age (30m, 2h, 1d, 1w), today,
//	                   yesterday, 2006-01-02, 2006-01-02T15:04, or RFC 3339
//	id:8F3K            how the id begins or ends, or the whole id of the event
//	body:text          a text in the body, A to Z in either case
//	text               the same
//
// A minus before a condition turns it around. Double quotes keep spaces; within
// them a backslash stands before a quote or a backslash. Ages count from now, and
// days are those of now's location. Errors are a *QueryError.
func ParseQuery(text string, now time.Time) (Query, error) {
	words, err := splitWords(text)
	if err != nil {
		return Query{}, err
	}
	var q Query
	for _, w := range words {
		t, err := parseTerm(w, now)
		if err != nil {
			return Query{}, atWord(err, text, w)
		}
		q.terms = append(q.terms, t)
	}
	return q, nil
}

// atWord makes err the fault of w in text.
func atWord(err error, text string, w word) error {
	var at *QueryError
	if !errors.As(err, &at) {
		at = &QueryError{What: err.Error()}
	}
	at.Query, at.Pos = text, w.pos
	return at
}

// A word is one condition without its quotes.
type word struct {
	text   string
	pos    int // in the query, in bytes
	negate bool
	plain  bool // it began with a quote and has no field
}

// splitWords parts a query at the spaces that are outside of quotes.
func splitWords(text string) ([]word, error) {
	var words []word
	for i := 0; i < len(text); {
		if isSpace(text[i]) {
			i++
			continue
		}
		w := word{pos: i}
		if text[i] == '-' && i+1 < len(text) && !isSpace(text[i+1]) {
			w.negate = true
			i++
		}
		end, err := w.read(text, i)
		if err != nil {
			return nil, err
		}
		words = append(words, w)
		i = end
	}
	return words, nil
}

// read takes the word that begins at i, and returns where it ends.
func (w *word) read(text string, i int) (int, error) {
	quote := -1 // where the open one is
	for ; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"' && quote < 0:
			quote = i
		case c == '"':
			quote = -1
		case quote >= 0 && c == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\'):
			i++
			w.text += text[i : i+1]
		case quote < 0 && isSpace(c):
			return i, nil
		default:
			w.text += text[i : i+1]
		}
	}
	if quote >= 0 {
		return 0, &QueryError{Query: text, Pos: quote, What: "the quote is not closed"}
	}
	return i, nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// fieldNames are the fields of the query language.
func fieldNames() []string {
	return []string{"method", "path", "status", "provider", "event", "verified", "valid", "since", "until", "id", "body"}
}

func parseTerm(w word, now time.Time) (term, error) {
	field, value, ok := strings.Cut(w.text, ":")
	if !ok {
		field, value = "body", w.text
	}
	t, err := parseField(field, value, now)
	if err != nil {
		return nil, err
	}
	if valid, ok := t.(validTerm); ok && w.negate {
		return valid.others(), nil
	}
	if w.negate {
		return not{t}, nil
	}
	return t, nil
}

func parseField(field, value string, now time.Time) (term, error) {
	if value == "" {
		return nil, fmt.Errorf("%s: has no value", field)
	}
	switch field {
	case "method":
		return methodTerm(strings.ToUpper(value)), nil
	case "path":
		return pathTerm(value), nil
	case "status":
		return parseStatus(value)
	case "provider":
		if strings.EqualFold(value, "none") {
			return outcomeTerm{outcomeNone, outcomeNone}, nil
		}
		return providerTerm(strings.ToLower(value)), nil
	case "event":
		return eventTerm(value), nil
	case "verified":
		return parseVerified(value)
	case "valid":
		return parseValid(value)
	case "since":
		t, err := parseTime(value, now)
		return since(t), err
	case "until":
		t, err := parseTime(value, now)
		return until(t), err
	case "id":
		ref, _ := newIDRef(value, hook.CapturePrefix) // "" where it can be no part of one
		return idTerm{ref, value}, nil
	case "body":
		return bodyTerm{value}, nil
	}
	return nil, &QueryError{
		What:   fmt.Sprintf("unknown field %q (a text with a colon is written \"body:%s:…\")", field, field),
		Fields: fieldNames(), Nearest: suggest.Nearest(strings.ToLower(field), fieldNames()),
	}
}

// parseStatus reads 200, >=500, 5xx, 200..299 or none. A dropped connection has
// status 0, which no range has in it.
func parseStatus(value string) (term, error) {
	if value == "none" {
		return statusTerm{span{statusNone, statusNone}}, nil
	}
	if lo, hi, ok := strings.Cut(value, ".."); ok {
		return statusRange(value, lo, hi, 0, 0)
	}
	if len(value) == 3 && strings.HasSuffix(strings.ToLower(value), "xx") {
		return statusRange(value, value[:1]+"00", value[:1]+"99", 0, 0)
	}
	for _, op := range []struct {
		sign   string
		lo, hi int64
		upward bool
	}{{sign: ">=", upward: true}, {sign: "<="}, {sign: ">", lo: 1, upward: true}, {sign: "<", hi: -1}} {
		if n, ok := strings.CutPrefix(value, op.sign); ok {
			if op.upward {
				return statusRange(value, n, "999", op.lo, 0)
			}
			return statusRange(value, "1", n, 0, op.hi)
		}
	}
	t, err := statusRange(value, value, value, 0, 0)
	return t, err
}

// statusRange is from lo to hi, each moved by as much as it says.
func statusRange(value, lo, hi string, loBy, hiBy int64) (term, error) {
	from, err1 := parseStatusCode(lo)
	to, err2 := parseStatusCode(hi)
	if err1 != nil || err2 != nil {
		return nil, fmt.Errorf("status: %q is not like 200, >=500, <300, 5xx, 200..299 or none", value)
	}
	return statusTerm{span{from + loBy, to + hiBy}}, nil
}

func parseStatusCode(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n > 999 {
		return 0, strconv.ErrRange
	}
	return int64(n), nil
}

// parseVerified reads yes, no or unchecked, or the name of an outcome. A capture
// from nobody known is unchecked too.
func parseVerified(value string) (term, error) {
	switch value {
	case "yes", string(hook.Verified):
		return outcomeTerm{outcomeVerified, outcomeVerified}, nil
	case "no", string(hook.Failed):
		return outcomeTerm{outcomeFailed, outcomeFailed}, nil
	case "unchecked", string(hook.NotChecked):
		return outcomeTerm{outcomeNone, outcomeNotChecked}, nil
	}
	return nil, fmt.Errorf("verified: %q is not yes, no, unchecked, %s, %s or %s", value, hook.Verified, hook.Failed, hook.NotChecked)
}

// parseTime reads an age or a time.
func parseTime(value string, now time.Time) (time.Time, error) {
	year, month, day := now.Date()
	switch value {
	case "now":
		return now, nil
	case "today":
		return time.Date(year, month, day, 0, 0, 0, 0, now.Location()), nil
	case "yesterday":
		return time.Date(year, month, day-1, 0, 0, 0, 0, now.Location()), nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, value, now.Location()); err == nil {
			return t, nil
		}
	}
	if age, ok := parseAge(value); ok {
		return now.Add(-age), nil
	}
	return time.Time{}, fmt.Errorf("%q is not a time such as 2h, 1d, today, yesterday, 2006-01-02, 2006-01-02T15:04 or RFC 3339", value)
}

// parseAge reads a duration such as 1w, 1d12h or 1.5h.
func parseAge(s string) (time.Duration, bool) {
	total := 0.0
	for s != "" {
		end := strings.IndexFunc(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		if end <= 0 {
			return 0, false
		}
		n, err := strconv.ParseFloat(s[:end], 64)
		if err != nil {
			return 0, false
		}
		s = s[end:]
		length := len(s)
		if next := strings.IndexAny(s, ".0123456789"); next >= 0 {
			length = next
		}
		unit, ok := unitOf(s[:length])
		if !ok {
			return 0, false
		}
		total += n * float64(unit)
		s = s[length:]
	}
	if total >= math.MaxInt64 {
		return 0, false
	}
	return time.Duration(total), true
}

func unitOf(name string) (time.Duration, bool) {
	const day = 24 * time.Hour
	switch name {
	case "ms":
		return time.Millisecond, true
	case "s":
		return time.Second, true
	case "m":
		return time.Minute, true
	case "h":
		return time.Hour, true
	case "d":
		return day, true
	case "w":
		return 7 * day, true
	}
	return 0, false
}
