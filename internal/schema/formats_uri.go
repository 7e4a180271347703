package schema

import (
	"strings"
	"unicode/utf8"
)

// isURI goes by RFC 3986, and where international is true by RFC 3987.
func isURI(s string, international bool) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	return ok && isScheme(scheme) && isHierarchy(rest, international)
}

func isURIReference(s string, international bool) bool {
	if isURI(s, international) {
		return true
	}
	// A first segment with a colon would be a scheme.
	first, _, _ := strings.Cut(s, "/")
	first, _, _ = strings.Cut(first, "?")
	first, _, _ = strings.Cut(first, "#")
	return !strings.Contains(first, ":") && isHierarchy(s, international)
}

func isScheme(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && (i == 0 || !isDigit(c) && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}

// isHierarchy is what follows the scheme: authority, path, query and fragment.
func isHierarchy(s string, international bool) bool {
	rest, fragment, _ := strings.Cut(s, "#")
	rest, query, _ := strings.Cut(rest, "?")
	if !consistsOf(fragment, "/?:@", international) || !isQuery(query, international) {
		return false
	}
	path := rest
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		authority := after
		path = ""
		if i := strings.IndexByte(after, '/'); i >= 0 {
			authority, path = after[:i], after[i:]
		}
		if !isAuthority(authority, international) {
			return false
		}
	}
	return consistsOf(path, "/:@", international)
}

// isQuery lets through the private characters that RFC 3987 allows there alone.
func isQuery(s string, international bool) bool {
	if international {
		s = strings.Map(func(r rune) rune {
			if r >= 0xe000 && r <= 0xf8ff || r >= 0xf0000 && r <= 0x10fffd {
				return 'x'
			}
			return r
		}, s)
	}
	return consistsOf(s, "/?:@", international)
}

func isAuthority(s string, international bool) bool {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		if !consistsOf(s[:i], ":", international) {
			return false
		}
		s = s[i+1:]
	}
	if inner, ok := strings.CutPrefix(s, "["); ok {
		literal, port, closed := strings.Cut(inner, "]")
		return closed && isIPLiteral(literal) && (port == "" || port[0] == ':' && leadingDigits(port[1:]) == len(port)-1)
	}
	host, port, _ := strings.Cut(s, ":")
	return consistsOf(host, "", international) && leadingDigits(port) == len(port)
}

// isIPLiteral is an IPv6 address, or one of a version to come.
func isIPLiteral(s string) bool {
	if s == "" || s[0]|0x20 != 'v' {
		return isIPv6(s)
	}
	version, address, ok := strings.Cut(s[1:], ".")
	if !ok || version == "" || address == "" {
		return false
	}
	for i := range len(version) {
		if !isHex(version[i]) {
			return false
		}
	}
	return !strings.Contains(address, "%") && consistsOf(address, ":", false)
}

// consistsOf reports whether all of s are unreserved characters, sub-delimiters,
// percent-encoded bytes, or among extra.
func consistsOf(s, extra string, international bool) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isAlphanumeric(c) || strings.IndexByte("-._~!$&'()*+,;=", c) >= 0 || strings.IndexByte(extra, c) >= 0:
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case c >= utf8.RuneSelf && international:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !isUCS(r) || r == utf8.RuneError && size == 1 {
				return false
			}
			i += size - 1
		default:
			return false
		}
	}
	return true
}

// isUCS is a character beyond ASCII that RFC 3987 lets through.
func isUCS(r rune) bool {
	switch {
	case r >= 0xa0 && r <= 0xd7ff, r >= 0xf900 && r <= 0xfdcf, r >= 0xfdf0 && r <= 0xffef:
		return true
	}
	return r >= 0x10000 && r <= 0xefffd && r&0xffff < 0xfffe && (r < 0xe0000 || r >= 0xe1000)
}

// isURITemplate goes by RFC 6570, all four levels.
func isURITemplate(s string) bool {
	for s != "" {
		open := strings.IndexAny(s, "{}")
		if open < 0 {
			return isTemplateLiteral(s)
		}
		if s[open] == '}' || !isTemplateLiteral(s[:open]) {
			return false
		}
		expression, rest, closed := strings.Cut(s[open+1:], "}")
		if !closed || !isExpression(expression) {
			return false
		}
		s = rest
	}
	return true
}

func isTemplateLiteral(s string) bool {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return false
		case r == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
		case r <= ' ' || r == 0x7f || strings.ContainsRune("\"'<>\\^`{|}", r):
			return false
		case r >= utf8.RuneSelf && !isUCS(r) && (r < 0xe000 || r > 0xf8ff) && r < 0xf0000:
			return false
		}
		i += size
	}
	return true
}

// isExpression is what stands in braces: an operator, then variables with modifiers.
func isExpression(s string) bool {
	if s != "" && strings.IndexByte("+#./;?&=,!@|", s[0]) >= 0 {
		s = s[1:] // those from = on are kept for later, and are no fault of the template
	}
	for variable := range strings.SplitSeq(s, ",") {
		if !isVariable(variable) {
			return false
		}
	}
	return true
}

func isVariable(s string) bool {
	if name, length, ok := strings.Cut(s, ":"); ok {
		n, digits := number(length)
		return digits && length != "" && len(length) <= 4 && length[0] != '0' && n > 0 && isVariableName(name)
	}
	return isVariableName(strings.TrimSuffix(s, "*"))
}

func isVariableName(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" {
			return false
		}
		for i := 0; i < len(part); i++ {
			switch c := part[i]; {
			case isAlphanumeric(c) || c == '_':
			case c == '%' && i+2 < len(part) && isHex(part[i+1]) && isHex(part[i+2]):
				i += 2
			default:
				return false
			}
		}
	}
	return true
}
