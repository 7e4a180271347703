package store

import (
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// crockford is the alphabet of ULIDs, in order.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	ulidLen = 26
	headLen = 12 // characters in facets.head
	tailLen = 8  // characters in facets.tail
	charBit = 5  // bits in a character
)

// headTail returns what facets keep of an id. An id that is none gives zeros: it
// is found by nothing but its place.
func headTail(id string) (head, tail int64) {
	_, ulid, _ := strings.Cut(id, "_")
	if len(ulid) != ulidLen {
		return 0, 0
	}
	head, _ = packed(ulid[:headLen])
	tail, _ = packed(reversed(ulid[ulidLen-tailLen:]))
	return head, tail
}

// packed returns s as a number, 5 bits a character.
func packed(s string) (n int64, ok bool) {
	for i := range len(s) {
		digit := strings.IndexByte(crockford, s[i])
		if digit < 0 {
			return 0, false
		}
		n = n<<charBit | int64(digit)
	}
	return n, true
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// A span is a range of numbers, both ends in it.
type span struct{ lo, hi int64 }

func (s span) has(n int64) bool { return s.lo <= n && n <= s.hi }

// touches reports whether n is in s or beside it.
func (s span) touches(n int64) bool { return s.lo-1 <= n && n <= s.hi+1 }

// with is s with n in it.
func (s span) with(n int64) span { return span{min(s.lo, n), max(s.hi, n)} }

// startingWith returns the range of numbers of width characters that begin with
// as much of s as there is.
func startingWith(s string, width int) span {
	s = s[:min(len(s), width)]
	n, _ := packed(s)
	shift := charBit * (width - len(s))
	return span{n << shift, (n+1)<<shift - 1}
}

// An idRef is a whole id or either end of one: upper-case characters of a ULID.
type idRef string

// newIDRef reads an id of the given kind, or a part of one, in any case, with or
// without the kind's prefix.
func newIDRef(ref string, kind string) (idRef, bool) {
	if len(ref) >= len(kind) && strings.EqualFold(ref[:len(kind)], kind) {
		ref = ref[len(kind):]
	}
	ref = strings.ToUpper(ref)
	if ref == "" || len(ref) > ulidLen {
		return "", false
	}
	for i := range len(ref) {
		if strings.IndexByte(crockford, ref[i]) < 0 {
			return "", false
		}
	}
	return idRef(ref), true
}

// heads and tails are the ranges in which an id that r fits has its head or tail.
func (r idRef) heads() span { return startingWith(string(r), headLen) }
func (r idRef) tails() span { return startingWith(reversed(string(r)), tailLen) }

// fits reports whether r is id or an end of it.
func (r idRef) fits(id hook.ID) bool {
	_, ulid, _ := strings.Cut(string(id), "_")
	return strings.HasPrefix(ulid, string(r)) || strings.HasSuffix(ulid, string(r))
}
