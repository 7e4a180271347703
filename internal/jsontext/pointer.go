package jsontext

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Pointer is a JSON pointer (RFC 6901) of keys and indexes.
func Pointer(tokens ...string) string {
	size := 0
	for _, token := range tokens {
		size += 1 + len(token)
	}
	pointer := make([]byte, 0, size)
	for _, token := range tokens {
		pointer = appendToken(pointer, token)
	}
	return string(pointer)
}

// Tokens are the keys and indexes of a JSON pointer.
func Tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, token := range tokens {
		tokens[i] = Unescape(token)
	}
	return tokens
}

// Unescape undoes the escapes of one token of a JSON pointer.
func Unescape(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Escape writes a key as a token of a JSON pointer.
func Escape(key string) string { return string(appendToken(nil, key)[1:]) }

func appendToken(pointer []byte, token string) []byte {
	pointer = append(pointer, '/')
	for i := range len(token) {
		switch c := token[i]; c {
		case '~':
			pointer = append(pointer, "~0"...)
		case '/':
			pointer = append(pointer, "~1"...)
		default:
			pointer = append(pointer, c)
		}
	}
	return pointer
}

// At returns the part of a parsed value that a JSON pointer names.
func At(value any, pointer string) (any, bool) {
	for _, token := range Tokens(pointer) {
		switch v := value.(type) {
		case *Object:
			if !v.Has(token) {
				return nil, false
			}
			value = v.Get(token)
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// keyText is what a string in quotes says to encoding/json.
func keyText(quoted []byte) string {
	if len(quoted) < 2 {
		return ""
	}
	if inner := quoted[1 : len(quoted)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return string(quoted)
	}
	return s
}
