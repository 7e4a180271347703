package jsontext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Place is where a value is in a JSON text: a key or an index below another place.
// nil is the whole text. Places share what they have in common, however long its keys.
type Place struct {
	Up    *Place
	Token string
}

// PlaceAt is the place at a JSON pointer.
func PlaceAt(pointer string) *Place {
	var p *Place
	for _, token := range Tokens(pointer) {
		p = &Place{p, token}
	}
	return p
}

// Depth is how many keys and indexes lead to a place.
func (p *Place) Depth() int {
	n := 0
	for ; p != nil; p = p.Up {
		n++
	}
	return n
}

// Last is the last key or index, "" for the whole text.
func (p *Place) Last() string {
	if p == nil {
		return ""
	}
	return p.Token
}

// Pointer is the JSON pointer of a place.
func (p *Place) Pointer() string { return Pointer(p.tokens()...) }

func (p *Place) tokens() []string {
	tokens := make([]string, 0, 8)
	for ; p != nil; p = p.Up {
		tokens = append(tokens, p.Token)
	}
	slices.Reverse(tokens)
	return tokens
}

// maxToken is how many bytes of a key are left in a pointer that has to be shortened.
const maxToken = 40

// ShortPointer is the JSON pointer of a place where it has no more than limit bytes. In a
// longer one … stands for the rest of each long key, and for the keys that follow those
// for which there is room.
func (p *Place) ShortPointer(limit int) string {
	size := 0
	for at := p; at != nil; at = at.Up {
		size += len(at.Token) + 1
	}
	if size <= limit {
		if exact := p.Pointer(); len(exact) <= limit {
			return exact
		}
	}
	var short []byte
	for _, token := range p.tokens() {
		before := len(short)
		if short = appendToken(short, shortToken(token)); len(short) > limit-len("/…") {
			return string(short[:before]) + "/…"
		}
	}
	return string(short)
}

func shortToken(token string) string {
	if len(token) <= maxToken {
		return token
	}
	end := maxToken
	for end > maxToken-utf8.UTFMax && !utf8.RuneStart(token[end]) {
		end--
	}
	return strings.Clone(token[:end]) + "…"
}
