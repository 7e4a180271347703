package signature

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
)

// maxValue is how long a signature's value may be, in bytes: several times what the
// longest grammar with the most keys needs.
const maxValue = 8 << 10

// maxSignatures is how many signatures of one message are looked at: more are no
// rotation of keys but an attempt to keep us busy.
const maxSignatures = 32

// A value is the text of a signature's place, taken apart.
type value struct {
	signatures []string
	parts      []element // all elements that have names
	others     []string  // the names of elements that do not count
}

// An element of a value has a name.
type element struct{ name, text string }

// part returns the first element called name.
func (v *value) part(name string) (string, bool) {
	for i := range v.parts {
		if v.parts[i].name == name {
			return v.parts[i].text, true
		}
	}
	return "", false
}

// parseValue takes text apart as s says. An error tells what is wrong with it; a
// value without signatures is none.
func parseValue(s *provider.Scheme, text string) (value, error) {
	var v value
	if len(text) > maxValue {
		return v, fmt.Errorf("want at most %d bytes, got %d", maxValue, len(text))
	}
	if s.Grammar.List == "" {
		return v, v.add(s, text)
	}
	for piece := range strings.SplitSeq(text, s.Grammar.List) {
		if piece = strings.TrimSpace(piece); piece == "" {
			continue
		}
		if err := v.add(s, piece); err != nil {
			return v, err
		}
		if len(v.signatures) > maxSignatures {
			return v, fmt.Errorf("want at most %d signatures", maxSignatures)
		}
	}
	return v, nil
}

// add takes in one element.
func (v *value) add(s *provider.Scheme, piece string) error {
	signature := piece
	if s.Grammar.Pair != "" {
		name, text, ok := strings.Cut(piece, s.Grammar.Pair)
		if !ok {
			return fmt.Errorf("want elements like %s%sVALUE, got %s", s.Grammar.Names[0], s.Grammar.Pair, shorten(piece))
		}
		name, text = strings.TrimSpace(name), strings.TrimSpace(text)
		if len(v.parts) < maxSignatures {
			v.parts = append(v.parts, element{name, text})
		}
		if !slices.Contains(s.Grammar.Names, name) {
			v.others = append(v.others, name)
			return nil
		}
		signature = text
	}
	rest, ok := cutPrefix(signature, s)
	if !ok && s.Algorithm.Token() {
		return fmt.Errorf("want it to begin with %q", prefixOf(s))
	}
	if !ok {
		return fmt.Errorf("want it to begin with %q, got %s", s.Prefix, shorten(signature))
	}
	v.signatures = append(v.signatures, rest)
	return nil
}

// cutPrefix removes what stands before each signature. The name of a scheme of
// authentication is known in any case.
func cutPrefix(text string, s *provider.Scheme) (string, bool) {
	prefix := prefixOf(s)
	if s.Algorithm.Token() && len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		return strings.TrimLeft(text[len(prefix):], " "), true
	}
	return strings.CutPrefix(text, prefix)
}

// prefixOf is what stands before a signature of s.
func prefixOf(s *provider.Scheme) string {
	switch {
	case s.Prefix != "":
		return s.Prefix
	case s.Algorithm == provider.Bearer:
		return "Bearer "
	case s.Algorithm == provider.Basic:
		return "Basic "
	}
	return ""
}

// formatValue writes signatures, each of a key, as s says. lead are the elements
// before them.
func formatValue(s *provider.Scheme, lead []string, signatures []string) string {
	elements := append([]string(nil), lead...)
	for _, signature := range signatures {
		text := prefixOf(s) + signature
		if s.Grammar.Pair != "" {
			text = s.Grammar.Names[0] + s.Grammar.Pair + text
		}
		elements = append(elements, text)
		if s.Grammar.List == "" {
			break // there is room for one
		}
	}
	return strings.Join(elements, s.Grammar.List)
}

// decode reads a signature's encoding.
func decode(dst []byte, e provider.Encoding, text string) ([]byte, error) {
	switch e {
	case provider.Hex:
		return hex.AppendDecode(dst, []byte(text))
	case provider.Base64:
		return base64.StdEncoding.AppendDecode(dst, []byte(text))
	case provider.Base64URL:
		return base64.RawURLEncoding.AppendDecode(dst, []byte(strings.TrimRight(text, "=")))
	}
	return append(dst, text...), nil
}

// encode writes a signature.
func encode(e provider.Encoding, signature []byte) string {
	switch e {
	case provider.Hex:
		return hex.EncodeToString(signature)
	case provider.Base64:
		return base64.StdEncoding.EncodeToString(signature)
	case provider.Base64URL:
		return base64.URLEncoding.EncodeToString(signature)
	}
	return string(signature)
}

// shorten quotes the beginning of a text for a message: never so much of it that
// a whole signature or token is shown.
func shorten(text string) string {
	const most = 12
	if len(text) <= most {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q and more", text[:most])
}
