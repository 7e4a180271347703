package jsontext

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// A Step of a Path goes into an object by a key, or into an array by an index.
type Step struct {
	Key   string
	Index int // where Key is ""; from 0
}

// A Path leads into a JSON text. The empty Path is the text itself.
type Path []Step

// ParsePath reads a path such as "data.items[0].id", "[0].event" or "". A key that holds a
// dot or a bracket stands in brackets, as JSON has it: data["order.id"].
func ParsePath(text string) (Path, error) {
	var path Path
	for rest := text; rest != ""; {
		step, after, ok := cutStep(rest)
		if !ok {
			return nil, fmt.Errorf("want a path such as data.items[0].id, got %q", text)
		}
		path, rest = append(path, step), after
	}
	return path, nil
}

// cutStep parts the first step from what follows it, without the dot between both.
func cutStep(text string) (step Step, rest string, ok bool) {
	if text[0] != '[' {
		end := strings.IndexAny(text, ".[")
		if end < 0 {
			return Step{Key: text}, "", true
		}
		step, rest = Step{Key: text[:end]}, text[end:]
	} else if quoted := quotedKey(text); quoted > 0 {
		key, sound := unquote([]byte(text[1 : quoted-1]))
		if step, rest = (Step{Key: key}), text[quoted:]; !sound {
			return step, rest, false
		}
	} else {
		digits, after, closed := strings.Cut(text[1:], "]")
		n, err := strconv.ParseUint(digits, 10, 31)
		if err != nil || !closed {
			return step, rest, false
		}
		step, rest = Step{Index: int(n)}, after
		return afterStep(step, rest)
	}
	if step.Key == "" {
		return step, rest, false
	}
	return afterStep(step, rest)
}

// afterStep takes the dot off that parts a step from a key.
func afterStep(step Step, rest string) (Step, string, bool) {
	if rest == "" || rest[0] == '[' {
		return step, rest, true
	}
	key, dotted := strings.CutPrefix(rest, ".")
	return step, key, dotted && key != "" && key[0] != '.' && key[0] != '['
}

// quotedKey is how long the key in quotes and brackets is that text begins with, 0 where
// there is none.
func quotedKey(text string) int {
	if !strings.HasPrefix(text, `["`) {
		return 0
	}
	end := skipString([]byte(text), 1)
	if end < 0 || end >= len(text) || text[end] != ']' {
		return 0
	}
	return end + 1
}

// CutPath parts text at the first separator that is not within a key in quotes. Where there
// is none, path is all of text.
func CutPath(text, separator string) (path, rest string, found bool) {
	for i := 0; i < len(text); i++ {
		if n := quotedKey(text[i:]); n > 0 {
			i += n - 1
		} else if strings.HasPrefix(text[i:], separator) {
			return text[:i], text[i+len(separator):], true
		}
	}
	return text, "", false
}

// String writes p in the way that ParsePath reads.
func (p Path) String() string {
	var text bytes.Buffer
	for i, step := range p {
		switch {
		case step.Key == "":
			fmt.Fprintf(&text, "[%d]", step.Index)
		case strings.ContainsAny(step.Key, `.[]="`):
			quoted, err := Marshal(step.Key)
			if err != nil { // no string fails
				quoted = []byte(`""`)
			}
			fmt.Fprintf(&text, "[%s]", quoted)
		case i > 0:
			text.WriteString("." + step.Key)
		default:
			text.WriteString(step.Key)
		}
	}
	return text.String()
}
