package shape

import (
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Texts are the strings that were seen in one place. Only a few of them are kept.
type texts struct {
	count    int
	formats  []string       // those that all texts have so far
	distinct map[string]int // how often each was seen; nil where there are too many
	tooMany  bool
}

func (t *texts) add(s string) {
	if t.count++; t.count == 1 {
		t.formats = inferable()
	}
	t.formats = slices.DeleteFunc(t.formats, func(name string) bool { return !hasFormat(name, s) })
	if t.tooMany {
		return
	}
	if t.distinct == nil {
		t.distinct = map[string]int{}
	}
	t.distinct[s]++
	if len(t.distinct) > maxDistinct || !enumWord().MatchString(s) {
		t.tooMany, t.distinct = true, nil
	}
}

// format is the format that all texts have, or "". No text has two of them.
func (t *texts) format() string {
	if len(t.formats) == 0 {
		return ""
	}
	return slices.Min(t.formats)
}

// enumWord is what values of enumerations look like: words for programs, such as
// order/created, PAID or in_transit. Names of people and texts for them are none.
var enumWord = lazily(`^(?:[a-z][a-z0-9]{0,29}(?:[_./:-][a-z0-9]{1,30}){0,5}|[A-Z][A-Z0-9]{0,29}(?:[_./:-][A-Z0-9]{1,30}){0,5})$`)

// enum are the words of an enumeration, sorted, nil where it is none: there are several,
// each was seen more than once, and all together often.
func (t *texts) enum() []string {
	if t.count < MinEnum || t.tooMany || len(t.distinct) < 2 {
		return nil
	}
	for word, n := range t.distinct {
		if n < 2 || isID(word) || isToken(word) {
			return nil
		}
	}
	return slices.Sorted(maps.Keys(t.distinct))
}

// tokens are what keys and tokens look like that are written like words: tk_live_abcdef,
// and words with digits among the letters.
var tokens = lazily(`(?i)(?:^|[_./:-])(?:live|test)[_-][a-z0-9]{6,}$|[a-z][0-9]+[a-z]+[0-9]`)

// longestDigits is how many digits a word of an enumeration may have in a row.
var longestDigits = lazily(`[0-9]{6}`)

func isToken(word string) bool {
	return tokens().MatchString(word) || longestDigits().MatchString(word)
}

// merge takes into account what was seen elsewhere.
func (t *texts) merge(other *texts) {
	if other.count == 0 {
		return
	}
	if t.count == 0 {
		t.formats = slices.Clone(other.formats)
	}
	t.formats = slices.DeleteFunc(t.formats, func(name string) bool { return !slices.Contains(other.formats, name) })
	t.count += other.count
	if t.tooMany = t.tooMany || other.tooMany; t.distinct == nil {
		t.distinct = map[string]int{}
	}
	for word, n := range other.distinct {
		t.distinct[word] += n
	}
	if t.tooMany = t.tooMany || len(t.distinct) > maxDistinct; t.tooMany {
		t.distinct = nil
	}
}

// privates are how the words end that properties have whose values are nobody's business.
func privates() []string {
	return []string{"token", "secret", "key", "password", "signature", "name", "email", "customer", "phone", "address"}
}

var nameWords = lazily(`[A-Z]+(?:[a-z]+|$|[^a-zA-Z])|[a-z]+|[A-Z]+`)

// isPrivate reports whether a property is called like one of secrets, or of people.
func isPrivate(name string) bool {
	for _, word := range nameWords().FindAllString(name, -1) {
		word = strings.ToLower(word)
		for _, private := range privates() {
			if strings.HasSuffix(word, private) || strings.HasSuffix(word, private+"s") || strings.HasSuffix(word, private+"es") {
				return true
			}
		}
	}
	return false
}

// inferable are the formats that are looked for.
func inferable() []string { return []string{"date-time", "date", "uuid", "email", "ipv4", "uri"} }

// hasFormat reports whether a text has a format; it is as strict as any reader.
func hasFormat(name, s string) bool {
	switch name {
	case "date-time":
		_, err := time.Parse(time.RFC3339, s)
		return err == nil && dateTime().MatchString(s)
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	case "uuid":
		return uuid().MatchString(s)
	case "email":
		name, _, _ := strings.Cut(s, "@")
		return email().MatchString(s) && len(name) <= 64 && len(s) <= 254
	case "ipv4":
		address, err := netip.ParseAddr(s)
		return err == nil && address.Is4()
	case "uri":
		u, err := url.Parse(s)
		return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && plainURI().MatchString(s)
	}
	return false
}

var (
	dateTime = lazily(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$`)
	uuid     = lazily(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	email    = lazily(`^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$`)
	plainURI = lazily(`^[A-Za-z0-9:/?#@!$&'()*+,;=._~%-]+$`)
)
