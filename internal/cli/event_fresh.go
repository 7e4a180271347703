package cli

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// A freshener gives payloads made of one example an id and a time of their own, where the
// provider has these in the body: a handler that knows an id would take the next message
// for a duplicate.
type freshener struct {
	profile *provider.Profile
	// kept are the paths that the user has set, which stay.
	kept []jsontext.Path
	// valid reports whether a payload is still what it was an example of.
	valid func(body []byte) bool
}

// freshen returns the payload of a message of its own, as it is made at the time at. What
// would not be valid stays as it is in the example.
func (f *freshener) freshen(body []byte, at time.Time, random io.Reader) ([]byte, error) {
	for _, path := range f.places(f.profile.Event.Time, body) {
		value, _ := jsontext.Lookup(body, path)
		body = f.put(body, path, freshTime(value, at))
	}
	ids := f.places(f.profile.Event.ID, body)
	if len(ids) == 0 && f.byContent() {
		ids = resourceIDs(body)
	}
	for _, path := range ids {
		value, _ := jsontext.Lookup(body, path)
		made, err := freshID(value, at, random)
		if err != nil {
			return nil, err
		}
		body = f.put(body, path, made)
	}
	return body, nil
}

// put sets a value, unless there is none, the user has set another, or it is not valid.
func (f *freshener) put(body []byte, path jsontext.Path, value []byte) []byte {
	if value == nil || slices.ContainsFunc(f.kept, func(kept jsontext.Path) bool { return overlap(kept, path) }) {
		return body
	}
	changed, err := jsontext.Set(body, path, value)
	if err != nil || !f.valid(changed) {
		return body
	}
	return changed
}

// overlap reports whether one path leads to what the other does, or into it.
func overlap(a, b jsontext.Path) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// places are where the body has what templates stand for that are one place in it.
func (f *freshener) places(templates []provider.Template, body []byte) []jsontext.Path {
	var paths []jsontext.Path
	for _, t := range templates {
		for place := range t.Places() {
			if place.Kind != provider.PlaceJSON || t.String() != "{"+place.String()+"}" {
				break
			}
			if path, err := jsontext.ParsePath(place.Arg); err == nil && len(path) > 0 {
				if _, there := jsontext.Lookup(body, path); there {
					paths = append(paths, path)
				}
			}
		}
	}
	return paths
}

// byContent reports whether nothing but the content tells the provider's messages apart.
func (f *freshener) byContent() bool {
	for _, t := range f.profile.Event.ID {
		for place := range t.Places() {
			if place.Kind == provider.PlaceSHA256 {
				return true
			}
		}
	}
	return false
}

// resourceIDs is where a body has the id of what it is about: its own, or that of the
// object that it wraps.
func resourceIDs(body []byte) []jsontext.Path {
	paths := []jsontext.Path{{{Key: "id"}}}
	if key, ok := jsontext.FirstKey(body); ok {
		paths = append(paths, jsontext.Path{{Key: key}, {Key: "id"}})
	}
	paths = append(paths, jsontext.Path{{Key: "data"}, {Key: "id"}})
	for _, path := range paths {
		if _, there := jsontext.Lookup(body, path); there {
			return []jsontext.Path{path}
		}
	}
	return nil
}

// freshID is another id of the form of the one that value is; nil where it is none.
func freshID(value []byte, at time.Time, random io.Reader) ([]byte, error) {
	text, ok := jsontext.Plain(value)
	switch {
	case !ok || text == "" || value[0] == '{' || value[0] == '[' || value[0] == 't' || value[0] == 'f':
		return nil, nil
	case value[0] != '"':
		if strings.Trim(text, "0123456789") != "" {
			return nil, nil
		}
		made, err := likeID(text, random)
		if made[0] == '0' && len(made) > 1 { // no number begins so
			made = "1" + made[1:]
		}
		return []byte(made), err
	}
	made, err := freshText(text, at, random)
	if err != nil {
		return nil, err
	}
	return jsontext.Marshal(made)
}

func freshText(text string, at time.Time, random io.Reader) (string, error) {
	if isUUID(text) {
		return provider.IDForm("uuid").NewID(random, at)
	}
	head := strings.LastIndexByte(text, '_') + 1
	tail, err := likeID(text[head:], random)
	return text[:head] + tail, err
}

func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (text[i] == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", rune(text[i])) {
			return false
		}
	}
	return true
}

// likeID is another text of the kinds of characters that text has: digits, hexadecimal
// digits, or letters; others stay.
func likeID(text string, random io.Reader) (string, error) {
	lower, upper := "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if strings.Trim(text, "0123456789abcdefABCDEF-") == "" {
		lower, upper = lower[:6], upper[:6]
	}
	draws := make([]byte, len(text))
	if _, err := io.ReadFull(random, draws); err != nil {
		return text, err
	}
	made := []byte(text)
	for i, c := range made {
		for _, kind := range []string{"0123456789", lower, upper} {
			if strings.IndexByte(kind, c) >= 0 {
				made[i] = kind[int(draws[i])%len(kind)]
			}
		}
	}
	return string(made), nil
}

// freshTime is the time at in the form of the one that value is; nil where that form is
// not known.
func freshTime(value []byte, at time.Time) []byte {
	text, ok := jsontext.Plain(value)
	if !ok {
		return nil
	}
	quoted := value[0] == '"'
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		made := map[int]int64{10: at.Unix(), 13: at.UnixMilli(), 16: at.UnixMicro()}[len(text)]
		switch {
		case made == 0:
			return nil
		case quoted:
			return []byte(strconv.Quote(strconv.FormatInt(made, 10)))
		}
		return strconv.AppendInt(nil, made, 10)
	}
	if !quoted {
		return nil
	}
	layout, zone := layoutOf(text)
	if layout == "" {
		return nil
	}
	return []byte(strconv.Quote(at.In(zone).Format(layout)))
}

// layoutOf is how the time that text is was written, "" where that is not known.
func layoutOf(text string) (layout string, zone *time.Location) {
	for _, base := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if len(text) < len(base) {
			continue
		}
		fraction := ""
		if rest := text[len(base):]; strings.HasPrefix(rest, ".") {
			digits := len(rest) - 1 - len(strings.TrimLeft(rest[1:], "0123456789"))
			fraction = "." + strings.Repeat("0", min(digits, 9))
		}
		for _, offset := range []string{"", "Z07:00", "Z0700", "-07:00"} {
			layout = base + fraction + offset
			if t, err := time.Parse(layout, text); err == nil && t.Format(layout) == text {
				return layout, t.Location()
			}
		}
	}
	return "", nil
}
