package signature

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of the JSON that is written anew.
const (
	maxJSONDepth = 1000
	maxJSONSize  = 8 << 20
)

// A jsonTree is a JSON text whose values are known by where they stand in it: its
// order, its white space and the notation of each value are kept.
type jsonTree struct {
	text  []byte
	nodes []jsonNode
	// repeats says that an object has a key twice, indexes that one has a key that is
	// a number: most encoders differ only then.
	repeats, indexes bool
}

// A jsonNode is a value, or the key of one. The members of an object follow it,
// each key before its value; next is the node after all that belongs to this one.
type jsonNode struct {
	kind       byte // '{', '[', '"', '0' for a number, 'n' for a word
	start, end int32
	next       int32
}

// notJSONText is why a text that is no JSON is not read.
const notJSONText = "it is not JSON"

// parseJSON reads a text. Where that is not possible it says why.
func parseJSON(text []byte) (*jsonTree, string) {
	switch {
	case len(text) > maxJSONSize:
		return nil, "it is too large"
	case tooDeep(text):
		return nil, "it is nested too deep"
	case !json.Valid(text):
		return nil, notJSONText
	}
	t := &jsonTree{text: text}
	var open []int32
	for i := 0; i < len(text); {
		at := int32(len(t.nodes))
		switch c := text[i]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			i++
			continue
		case '{', '[':
			t.nodes = append(t.nodes, jsonNode{kind: c, start: int32(i)})
			open = append(open, at)
			i++
			continue
		case '}', ']':
			i++
			last := open[len(open)-1]
			open = open[:len(open)-1]
			t.nodes[last].end, t.nodes[last].next = int32(i), at
			continue
		case '"':
			end := endOfString(text, i)
			t.nodes = append(t.nodes, jsonNode{'"', int32(i), int32(end), at + 1})
			i = end
		default:
			kind, end := byte('0'), i
			if c >= 'a' {
				kind = 'n'
			}
			for end < len(text) && bytes.IndexByte([]byte(" \t\r\n,:]}"), text[end]) < 0 {
				end++
			}
			t.nodes = append(t.nodes, jsonNode{kind, int32(i), int32(end), at + 1})
			i = end
		}
	}
	t.survey()
	return t, ""
}

// survey looks at the keys of all objects.
func (t *jsonTree) survey() {
	seen := map[string]bool{}
	for i := range t.nodes {
		if t.nodes[i].kind != '{' {
			continue
		}
		clear(seen)
		for at, end := int32(i)+1, t.nodes[i].next; at < end; at = t.nodes[at+1].next {
			key := keyText(t.text[t.nodes[at].start:t.nodes[at].end])
			t.repeats = t.repeats || seen[key]
			t.indexes = t.indexes || index(key) < noIndex
			seen[key] = true
		}
	}
}

// tooDeep looks at the depth before anything else does, for all else recurses.
func tooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxJSONDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

func endOfString(text []byte, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// A jsonOrder is the order of an object's members.
type jsonOrder int

const (
	asWritten jsonOrder = iota
	byKey
	byKeyLength // then by key: as PostgreSQL and MySQL keep it
	indexFirst  // keys that are array indexes come first: as JavaScript keeps it
)

// A jsonStyle is how an encoder writes JSON.
type jsonStyle struct {
	keepSpace    bool // white space stays as it is, and so does the order
	colon, comma string
	indent       string
	inlineArrays bool // [ 1, 2 ], as Jackson does
	spaceInEmpty bool
	emptyObject  string // what stands for {}, "" for itself
	emptyArray   string
	strings      stringStyle
	numbers      numberStyle
	order        jsonOrder
	lastCounts   bool // of repeated keys
	end          string
}

// A stringStyle is how an encoder writes strings. The zero style leaves them as
// they are.
type stringStyle struct {
	rewrite bool
	ascii   bool   // everything else is \uXXXX
	upper   bool   // with capital digits
	slash   bool   // as \/
	escaped string // further characters that are \uXXXX
	long    bool   // \b and \f are \u0008 and \u000c
	lines   bool   // U+2028 and U+2029 are escaped
}

// A jsonWriter writes a tree in a style.
type jsonWriter struct {
	*jsonTree
	style *jsonStyle
	plain [utf8.RuneSelf]bool // characters that are written as they are
	out   []byte
	most  int
	// like, where it is not nil, is all that is worth writing: whatever else comes out
	// is given up. The first same bytes are known to be like it.
	like   []byte
	same   int
	differ bool
}

// write returns the tree in a style; false where that becomes too long.
func (t *jsonTree) write(style *jsonStyle) ([]byte, bool) {
	w := t.writer(style)
	w.all()
	return w.out, len(w.out) <= w.most
}

// isWrittenAs reports whether the text of the tree is in a style.
func (t *jsonTree) isWrittenAs(style *jsonStyle) bool {
	w := t.writer(style)
	w.like = t.text
	w.all()
	return !w.differ && bytes.Equal(w.out, t.text)
}

func (t *jsonTree) writer(style *jsonStyle) *jsonWriter {
	own := *style
	own.lastCounts = style.lastCounts && t.repeats
	if style.order == indexFirst && !t.indexes {
		own.order = asWritten
	}
	style = &own
	w := &jsonWriter{jsonTree: t, style: style, out: make([]byte, 0, len(t.text)+len(t.text)/8+16), most: 8*len(t.text) + 1<<16}
	for c := range w.plain {
		w.plain[c] = c >= ' ' && c != '"' && c != '\\' && (c != '/' || !style.strings.slash) && bytes.IndexByte([]byte(style.strings.escaped), byte(c)) < 0
	}
	return w
}

func (w *jsonWriter) all() {
	if w.style.keepSpace {
		w.inPlace()
	} else {
		w.value(0, 0)
	}
	w.out = append(w.out, w.style.end...)
}

// over reports whether no more need be written.
func (w *jsonWriter) over() bool {
	if w.like != nil && !w.differ {
		w.differ = !bytes.HasPrefix(w.like[w.same:], w.out[w.same:])
		w.same = len(w.out)
	}
	return w.differ || len(w.out) > w.most
}

// inPlace rewrites strings and numbers where they stand.
func (w *jsonWriter) inPlace() {
	from := int32(0)
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.kind == '{' || n.kind == '[' {
			continue
		}
		w.out = append(w.out, w.text[from:n.start]...)
		w.scalar(n)
		from = n.end
	}
	w.out = append(w.out, w.text[from:]...)
}

func (w *jsonWriter) scalar(n *jsonNode) {
	text := w.text[n.start:n.end]
	switch n.kind {
	case '"':
		w.quote(text)
	case '0':
		w.out = w.style.numbers.append(w.out, text)
	default:
		w.out = append(w.out, text...)
	}
}

func (w *jsonWriter) value(i int32, depth int) {
	if w.over() {
		return
	}
	switch n := &w.nodes[i]; n.kind {
	case '{':
		w.object(i, depth)
	case '[':
		w.array(i, depth)
	default:
		w.scalar(n)
	}
}

func (w *jsonWriter) object(i int32, depth int) {
	end := w.nodes[i].next
	if i+1 == end {
		w.empty("{", "}", w.style.emptyObject)
		return
	}
	w.out = append(w.out, '{')
	first := true
	member := func(key int32) {
		w.between(first, depth+1)
		first = false
		w.scalar(&w.nodes[key])
		w.out = append(w.out, w.style.colon...)
		w.value(key+1, depth+1)
	}
	if w.style.order == asWritten && !w.style.lastCounts {
		for at := i + 1; at < end; at = w.nodes[at+1].next {
			member(at)
		}
	} else {
		for _, m := range w.members(i) {
			member(m.at)
		}
	}
	w.newLine(depth)
	w.out = append(w.out, '}')
}

func (w *jsonWriter) array(i int32, depth int) {
	end := w.nodes[i].next
	if i+1 == end {
		w.empty("[", "]", w.style.emptyArray)
		return
	}
	w.out = append(w.out, '[')
	for at := i + 1; at < end; at = w.nodes[at].next {
		switch {
		case !w.style.inlineArrays:
			w.between(at == i+1, depth+1)
			w.value(at, depth+1)
			continue
		case at > i+1:
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, ' ')
		w.value(at, depth)
	}
	if w.style.inlineArrays {
		w.out = append(w.out, ' ')
	} else {
		w.newLine(depth)
	}
	w.out = append(w.out, ']')
}

func (w *jsonWriter) empty(open, closing, instead string) {
	switch {
	case instead != "":
		w.out = append(w.out, instead...)
	case w.style.spaceInEmpty:
		w.out = append(append(append(w.out, open...), ' '), closing...)
	default:
		w.out = append(append(w.out, open...), closing...)
	}
}

// between writes what stands before a member.
func (w *jsonWriter) between(first bool, depth int) {
	if !first {
		w.out = append(w.out, w.style.comma...)
	}
	w.newLine(depth)
}

func (w *jsonWriter) newLine(depth int) {
	if w.style.indent == "" || len(w.out) > w.most {
		return
	}
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, w.style.indent...)
	}
}

// A jsonMember is a member of an object.
type jsonMember struct {
	key string
	at  int32 // of the key
}

// members are those of the object i as the style orders them.
func (w *jsonWriter) members(i int32) []jsonMember {
	var all []jsonMember
	var place map[string]int
	if w.style.lastCounts {
		place = map[string]int{}
	}
	for at, end := i+1, w.nodes[i].next; at < end; at = w.nodes[at+1].next {
		key := keyText(w.text[w.nodes[at].start:w.nodes[at].end])
		if known, again := place[key]; again {
			all[known].at = at
			continue
		}
		if w.style.lastCounts {
			place[key] = len(all)
		}
		all = append(all, jsonMember{key, at})
	}
	switch w.style.order {
	case byKey:
		slices.SortStableFunc(all, func(a, b jsonMember) int { return strings.Compare(a.key, b.key) })
	case byKeyLength:
		slices.SortStableFunc(all, func(a, b jsonMember) int {
			if len(a.key) != len(b.key) {
				return len(a.key) - len(b.key)
			}
			return strings.Compare(a.key, b.key)
		})
	case indexFirst:
		slices.SortStableFunc(all, func(a, b jsonMember) int { return cmp.Compare(index(a.key), index(b.key)) })
	}
	return all
}

// noIndex is more than each index.
const noIndex int64 = 1 << 32

// index is the array index that a key is, or noIndex.
func index(key string) int64 {
	if len(key) == 0 || len(key) > 10 || key[0] < '0' || key[0] > '9' || key[0] == '0' && len(key) > 1 {
		return noIndex
	}
	n, err := strconv.ParseUint(key, 10, 32)
	if err != nil {
		return noIndex
	}
	return int64(n)
}

func keyText(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var key string
	if json.Unmarshal(quoted, &key) != nil {
		return string(quoted)
	}
	return key
}

// quote writes a string that is quoted already in the style's way.
func (w *jsonWriter) quote(quoted []byte) {
	if !w.style.strings.rewrite || w.isPlain(quoted[1:len(quoted)-1]) {
		w.out = append(w.out, quoted...)
		return
	}
	w.out = append(w.out, '"')
	for inner := quoted[1 : len(quoted)-1]; len(inner) > 0; {
		r, size := jsonRune(inner)
		if r == utf8.RuneError && size == 1 {
			w.out = append(w.out, inner[0])
		} else {
			w.character(r)
		}
		inner = inner[size:]
	}
	w.out = append(w.out, '"')
}

func (w *jsonWriter) isPlain(inner []byte) bool {
	for _, c := range inner {
		if c >= utf8.RuneSelf || !w.plain[c] {
			return false
		}
	}
	return true
}

// jsonRune reads one character of a string, which may be an escape. Half of a
// surrogate pair is given as it is.
func jsonRune(text []byte) (rune, int) {
	if text[0] != '\\' {
		return utf8.DecodeRune(text)
	}
	switch text[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r := hexRune(text[2:6])
		if utf16.IsSurrogate(r) && len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
			if pair := utf16.DecodeRune(r, hexRune(text[8:12])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return r, 6
	}
	return rune(text[1]), 2
}

func hexRune(digits []byte) rune {
	n, _ := strconv.ParseUint(string(digits), 16, 16)
	return rune(n)
}

// character writes one character of a string.
func (w *jsonWriter) character(r rune) {
	s := &w.style.strings
	if r < utf8.RuneSelf && w.plain[r] {
		w.out = append(w.out, byte(r))
		return
	}
	if short := shortEscape(r, s); short != "" {
		w.out = append(w.out, short...)
		return
	}
	switch {
	case r < utf8.RuneSelf, utf16.IsSurrogate(r), s.ascii && r <= 0xffff, s.lines && (r == '\u2028' || r == '\u2029'):
		w.unit(uint16(r))
	case s.ascii:
		high, low := utf16.EncodeRune(r)
		w.unit(uint16(high))
		w.unit(uint16(low))
	default:
		w.out = utf8.AppendRune(w.out, r)
	}
}

// shortEscape is the escape of two characters that the style uses for r, or "".
func shortEscape(r rune, s *stringStyle) string {
	switch {
	case r < utf8.RuneSelf && bytes.IndexByte([]byte(s.escaped), byte(r)) >= 0:
		return ""
	case r == '"':
		return `\"`
	case r == '\\':
		return `\\`
	case r == '/':
		return `\/`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r == '\b' && !s.long:
		return `\b`
	case r == '\f' && !s.long:
		return `\f`
	}
	return ""
}

func (w *jsonWriter) unit(u uint16) {
	digits := "0123456789abcdef"
	if w.style.strings.upper {
		digits = "0123456789ABCDEF"
	}
	w.out = append(w.out, '\\', 'u', digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
}
