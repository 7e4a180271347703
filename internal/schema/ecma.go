package schema

import "strings"

// Sets of characters that ECMA-262 and Go have under one name, and that differ. Both
// engines read what stands here alike.
const (
	ecmaSpace    = "\\t\\n\\v\\f\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
	ecmaNotSpace = "\\x00-\\x08\\x0e-\\x1f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\U0010ffff"
	everything   = "\\x00-\U0010ffff"
	ecmaLineEnds = "\\n\\r\u2028\u2029"
)

// A translator writes a pattern of ECMA-262 such that Go takes it for what it is there.
type translator struct {
	in      string
	out     strings.Builder
	inClass bool
	// foreign is the first thing that Go knows and ECMA-262 does not.
	foreign string
}

// translated is a pattern of ECMA-262 for Go. foreign is what of it only Go knows, such as
// "(?i)": it keeps its meaning there, for it has no other.
func translated(pattern string) (text, foreign string) {
	t := translator{in: pattern}
	for i := 0; i < len(pattern); {
		i += t.next(i)
	}
	return t.out.String(), t.foreign
}

// next writes what is at i, and returns how many bytes that were.
func (t *translator) next(i int) int {
	rest := t.in[i:]
	switch c := rest[0]; {
	case c == '\\' && len(rest) > 1:
		return t.escape(rest)
	case t.inClass && c == '[':
		t.out.WriteString(`\[`) // no class inside a class, and none by name
		return 1
	case t.inClass:
		t.inClass = c != ']'
	case c == '[':
		return t.class(rest)
	case c == '.':
		t.out.WriteString("[^" + ecmaLineEnds + "]")
		return 1
	case c == '(':
		t.note(flags(rest))
	}
	t.out.WriteByte(rest[0])
	return 1
}

// class begins a class, or writes one that has nothing in it.
func (t *translator) class(rest string) int {
	switch {
	case strings.HasPrefix(rest, "[]"):
		t.out.WriteString("[^" + everything + "]")
		return 2
	case strings.HasPrefix(rest, "[^]"):
		t.out.WriteString("[" + everything + "]")
		return 3
	}
	t.inClass = true
	t.out.WriteByte('[')
	return 1
}

func (t *translator) escape(rest string) int {
	switch c := rest[1]; c {
	case 's':
		t.set(ecmaSpace, "[")
	case 'S':
		if t.inClass {
			t.set(ecmaNotSpace, "[")
		} else {
			t.set(ecmaSpace, "[^")
		}
	case 'p', 'P':
		return t.property(rest)
	default:
		if strings.IndexByte("AzaQEC", c) >= 0 {
			t.note(rest[:2])
		}
		t.out.WriteString(rest[:2])
	}
	return 2
}

func (t *translator) set(of, open string) {
	if t.inClass {
		t.out.WriteString(of)
		return
	}
	t.out.WriteString(open + of + "]")
}

// property writes \p{Script=Greek} as \p{Greek}.
func (t *translator) property(rest string) int {
	end := strings.IndexByte(rest, '}')
	if end < 0 || rest[2] != '{' {
		t.out.WriteString(rest[:2])
		return 2
	}
	name := rest[3:end]
	if key, value, ok := strings.Cut(name, "="); ok {
		switch key {
		case "Script", "sc", "Script_Extensions", "scx", "General_Category", "gc":
			name = value
		}
	}
	t.out.WriteString(rest[:2] + "{" + name + "}")
	return end + 1
}

func (t *translator) note(foreign string) {
	if t.foreign == "" {
		t.foreign = foreign
	}
}

// flags is the beginning of a group that only Go has: "(?i", "(?P<".
func flags(rest string) string {
	if !strings.HasPrefix(rest, "(?") || len(rest) < 3 {
		return ""
	}
	if strings.HasPrefix(rest, "(?P<") {
		return "(?P<"
	}
	if c := rest[2]; !isLetter(c) && c != '-' {
		return ""
	}
	if end := strings.IndexAny(rest, ":)"); end > 0 && rest[end] == ')' {
		return rest[:end+1]
	}
	return "" // modifiers of a group, as ECMAScript 2025 has them
}
