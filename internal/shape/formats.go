package shape

import (
	"fmt"
	"strings"
)

// byFormat is a text of a format, another one for each variant; false for formats that
// are not known.
func byFormat(format string, variant int) (string, bool) {
	n := variant % 10
	switch format {
	case "date-time":
		return fmt.Sprintf("2026-01-15T09:30:0%dZ", n), true
	case "date":
		return fmt.Sprintf("2026-01-%02d", 15+n), true
	case "time":
		return fmt.Sprintf("09:30:0%dZ", n), true
	case "duration":
		return fmt.Sprintf("P%dD", n+1), true
	case "email", "idn-email":
		return variantOf("user", variant) + "@example.com", true
	case "hostname", "idn-hostname":
		return variantOf("host", variant) + ".example.com", true
	case "ipv4", "ip":
		return fmt.Sprintf("192.0.2.%d", n+1), true
	case "ipv6":
		return fmt.Sprintf("2001:db8::%d", n+1), true
	case "uri", "url", "iri":
		return "https://example.com/" + variantOf("path", variant), true
	case "uri-reference", "iri-reference":
		return "/" + variantOf("path", variant), true
	case "uri-template":
		return "https://example.com/" + variantOf("path", variant) + "{/id}", true
	case "uuid":
		return fmt.Sprintf("123e4567-e89b-42d3-a456-%012d", 426614174000+variant), true
	case "json-pointer":
		return "/" + variantOf("path", variant), true
	case "relative-json-pointer":
		return fmt.Sprintf("%d", n), true
	case "regex":
		return "^" + variantOf("a", variant) + "$", true
	case "byte", "base64", "binary":
		return "ZXhhbXBsZQ==", true
	}
	return "", false
}

// formatted are texts of a format, the usual one first, then a short one and one that has
// at least so many characters, where there are such.
func formatted(format string, variant, least int) []string {
	usual, known := byFormat(format, variant)
	if !known {
		return nil
	}
	letter := string(rune('a' + variant%26))
	longer := strings.Repeat("a", max(0, min(least, maxText)-len(usual)))
	switch format {
	case "email", "idn-email":
		return []string{usual, letter + "@b.co", longer + usual}
	case "hostname", "idn-hostname":
		return []string{usual, letter + ".co"}
	case "uri", "url", "iri":
		return []string{usual, "http://" + letter + ".co", usual + longer}
	case "uri-reference", "iri-reference":
		return []string{usual, "/" + letter, usual + longer}
	}
	return []string{usual}
}

func variantOf(word string, variant int) string {
	if variant == 0 {
		return word
	}
	return fmt.Sprintf("%s%d", word, variant)
}
