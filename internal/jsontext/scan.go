package jsontext

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Bounds are how far a text may go before a Scan tells of it.
type Bounds struct {
	// Depth is how deep objects and arrays may be nested.
	Depth int
	// Number is how many characters a number may have, Exponent how large its exponent
	// may be, either way.
	Number, Exponent int
	// Oddities is how many oddities are kept: so many that some readers cannot read, and
	// so many that they read differently.
	Oddities int
}

// A Scan is what one pass over a JSON text finds.
type Scan struct {
	// Values is how many values the text has, those in objects and arrays with them.
	Values int
	// Depth is how deep its objects and arrays are nested.
	Depth int
	// Paths is how many bytes the JSON pointers of all values have together, more or less.
	Paths int
	// Oddities are what readers may stumble over or disagree on, in the order of the
	// text; More is how many there are beyond those kept.
	Oddities []Oddity
	More     int
}

// An Oddity is a part of a valid JSON text that not every reader can read, or that not
// all read alike.
type Oddity struct {
	Kind OddityKind
	// Place is that of the value, or of the member whose key it is.
	Place *Place
	// Offset is its place in the text, in bytes from 0, and Text what is written there:
	// the number, the key, or the bytes that are no character.
	Offset int
	Text   string
}

// OddityKind says what is odd.
type OddityKind int

// The kinds of oddities.
const (
	TooDeep     OddityKind = iota // told once, of the first value beyond the bound
	LongNumber                    // more characters than the bound
	BigExponent                   // an exponent beyond the bound
	RepeatedKey                   // told of each but the first
	NotUTF8                       // bytes that are no character
	HalfPair                      // an escape that is half a surrogate pair
)

// ScanText goes over a valid JSON text. Of any other text it tells nothing of use.
func ScanText(text []byte, bounds Bounds) Scan {
	s := scanner{text: text, bounds: bounds, seed: maphash.MakeSeed()}
	for s.at < len(text) {
		s.next()
	}
	slices.SortStableFunc(s.found.Oddities, func(a, b Oddity) int { return a.Offset - b.Offset })
	return s.found
}

type scanner struct {
	text   []byte
	at     int
	bounds Bounds
	seed   maphash.Seed
	open   []nest
	keys   []keyMark // of the objects that are open, the innermost last
	// wantKey is true where the next string is a key.
	wantKey bool
	deep    bool
	// kept is how many oddities are kept that cannot be read, and that are in doubt: those
	// of one sort leave the other its room.
	kept  [2]int
	found Scan
}

// A nest is an object or array that is open.
type nest struct {
	array bool
	index int // of the item, in an array
	first int // where the keys of an object begin in scanner.keys
	// inside is the place of what is being read in it; nil where nobody asked yet.
	inside *Place
	base   int // how many bytes the pointer of the nest has
	path   int // and that of what is being read in it
}

// A keyMark is a key with its quotes, and a hash of what it says.
type keyMark struct {
	start, end int
	hash       uint64
}

func (s *scanner) next() {
	switch c := s.text[s.at]; c {
	case ' ', '\t', '\r', '\n':
		s.at++
	case '{', '[':
		s.enter(c == '[')
	case '}', ']':
		s.leave()
	case ',':
		s.at++
		if top := len(s.open) - 1; top >= 0 && s.open[top].array {
			s.open[top].index++
			s.open[top].inside = nil
		} else {
			s.wantKey = true
		}
	case ':':
		s.at++
		s.wantKey = false
	case '"':
		s.str()
	default:
		s.plain(c)
	}
}

// indexSize is about how many bytes an index has in a pointer.
const indexSize = 4

// value counts a value.
func (s *scanner) value() {
	s.found.Values++
	if top := len(s.open) - 1; top >= 0 {
		s.found.Paths += s.open[top].path
	}
}

func (s *scanner) enter(array bool) {
	s.value()
	if len(s.open) >= s.bounds.Depth && !s.deep {
		s.deep = true
		s.tell(TooDeep, s.at, "")
	}
	base := 0
	if top := len(s.open) - 1; top >= 0 {
		base = s.open[top].path
	}
	s.open = append(s.open, nest{array: array, first: len(s.keys), base: base, path: base + indexSize})
	s.found.Depth = max(s.found.Depth, len(s.open))
	s.wantKey = !array
	s.at++
}

func (s *scanner) leave() {
	s.at++
	s.wantKey = false
	if len(s.open) == 0 {
		return
	}
	top := s.open[len(s.open)-1]
	if keys := s.keys[top.first:]; len(keys) > 1 {
		s.repeated(keys)
	}
	s.keys = s.keys[:top.first]
	s.open = s.open[:len(s.open)-1]
}

// plain goes over a number, true, false or null.
func (s *scanner) plain(first byte) {
	start := s.at
	for s.at++; s.at < len(s.text) && !isDelimiter(s.text[s.at]); {
		s.at++
	}
	s.value()
	if first != '-' && (first < '0' || first > '9') {
		return
	}
	number := s.text[start:s.at]
	if len(number) > s.bounds.Number {
		s.tell(LongNumber, start, string(number))
	} else if exponent(number) > s.bounds.Exponent {
		s.tell(BigExponent, start, string(number))
	}
}

// exponent is the exponent of a number without its sign, or a large one.
func exponent(number []byte) int {
	i := bytes.IndexAny(number, "eE")
	if i < 0 {
		return 0
	}
	n := 0
	for _, c := range bytes.TrimLeft(number[i+1:], "+-0") {
		if n = n*10 + int(c-'0'); n > 1<<20 {
			return n
		}
	}
	return n
}

// str goes over a key or a value in quotes.
func (s *scanner) str() {
	start := s.at
	escaped, ascii := false, true
	i := start + 1
	for ; i < len(s.text) && s.text[i] != '"'; i++ {
		if c := s.text[i]; c == '\\' {
			escaped = true
			i++
		} else if c >= utf8.RuneSelf {
			ascii = false
		}
	}
	s.at = min(i+1, len(s.text))
	odd := !ascii && !utf8.Valid(s.text[start:s.at])
	if s.wantKey {
		s.keys = append(s.keys, keyMark{start, s.at, s.hash(start, s.at, escaped || odd)})
		if top := len(s.open) - 1; top >= 0 {
			s.open[top].inside = nil
			s.open[top].path = s.open[top].base + s.at - start
		}
	} else {
		s.value()
	}
	if odd {
		s.badBytes(start)
	}
	if escaped {
		s.halfPairs(start)
	}
}

// hash is that of what a string says.
func (s *scanner) hash(start, end int, odd bool) uint64 {
	if odd {
		return maphash.String(s.seed, keyText(s.text[start:end]))
	}
	return maphash.Bytes(s.seed, s.text[start+1:max(end-1, start+1)])
}

func (s *scanner) badBytes(start int) {
	for i := start; i < s.at; {
		r, size := utf8.DecodeRune(s.text[i:s.at])
		if r == utf8.RuneError && size == 1 {
			s.tell(NotUTF8, i, string(s.text[i:i+1]))
			return
		}
		i += size
	}
}

func (s *scanner) halfPairs(start int) {
	for i := start; i < s.at; i++ {
		if s.text[i] != '\\' {
			continue
		}
		unit := s.unit(i)
		if unit>>10 == 0xd800>>10 && s.unit(i+6)>>10 == 0xdc00>>10 {
			i += 11
		} else if unit>>11 == 0xd800>>11 {
			s.tell(HalfPair, i, string(s.text[i:i+6]))
			return
		} else {
			i++ // what is escaped is not an escape itself
		}
	}
}

// unit is the UTF-16 code unit of an escape \uXXXX at i, 0 where there is none.
func (s *scanner) unit(i int) uint64 {
	if i+6 > s.at || s.text[i] != '\\' || s.text[i+1] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(s.text[i+2:i+6]), 16, 16)
	if err != nil {
		return 0
	}
	return n
}

// few is how many keys are compared each with each.
const few = 24

// repeated tells of the keys of one object that are there already.
func (s *scanner) repeated(keys []keyMark) {
	if len(keys) > few {
		s.repeatedOfMany(keys)
		return
	}
	for i := 1; i < len(keys); i++ {
		for j := range i {
			if keys[i].hash == keys[j].hash && s.same(keys[i], keys[j]) {
				s.tellKey(keys[i])
				break
			}
		}
	}
}

func (s *scanner) repeatedOfMany(keys []keyMark) {
	sorted := slices.Clone(keys)
	slices.SortFunc(sorted, func(a, b keyMark) int {
		if a.hash != b.hash {
			if a.hash < b.hash {
				return -1
			}
			return 1
		}
		return a.start - b.start
	})
	for i := 1; i < len(sorted); i++ {
		if sorted[i].hash == sorted[i-1].hash && s.same(sorted[i], sorted[i-1]) {
			s.tellKey(sorted[i])
		}
	}
}

func (s *scanner) same(a, b keyMark) bool {
	return keyText(s.text[a.start:a.end]) == keyText(s.text[b.start:b.end])
}

// tellKey tells of a key of the innermost object.
func (s *scanner) tellKey(key keyMark) {
	if !s.keeps(RepeatedKey) {
		return
	}
	name := keyText(s.text[key.start:key.end])
	s.found.Oddities = append(s.found.Oddities, Oddity{RepeatedKey, &Place{s.place(len(s.open) - 1), name}, key.start, name})
}

// tell tells of the value, or key, that is being read.
func (s *scanner) tell(kind OddityKind, offset int, text string) {
	if s.keeps(kind) {
		s.found.Oddities = append(s.found.Oddities, Oddity{kind, s.place(len(s.open)), offset, text})
	}
}

func (s *scanner) keeps(kind OddityKind) bool {
	sort := 0
	if kind >= RepeatedKey {
		sort = 1
	}
	if s.kept[sort] < s.bounds.Oddities {
		s.kept[sort]++
		return true
	}
	s.found.More++
	return false
}

// place is where the reader is, so many levels down. It is made once for all oddities
// inside a value.
func (s *scanner) place(levels int) *Place {
	var up *Place
	for i := range max(levels, 0) {
		n := &s.open[i]
		if n.inside == nil {
			token, ok := s.token(i)
			if !ok {
				return up
			}
			n.inside = &Place{up, token}
		}
		up = n.inside
	}
	return up
}

// token is the key or index that the reader is at in the nest i; false where there is
// none yet.
func (s *scanner) token(i int) (string, bool) {
	n := s.open[i]
	if n.array {
		return strconv.Itoa(n.index), true
	}
	last := len(s.keys) // the key that the reader is at is the last before those of the next nest
	if i+1 < len(s.open) {
		last = s.open[i+1].first
	}
	if last <= n.first {
		return "", false
	}
	return keyText(s.text[s.keys[last-1].start:s.keys[last-1].end]), true
}
