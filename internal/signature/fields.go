package signature

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// Here Structured Fields are read (RFC 9651, before it RFC 8941), as far as the
// fields of RFC 9421 and RFC 9530 have them: dictionaries of items and of inner
// lists, with parameters. Decimals, dates and display strings stand in none of them
// and are refused. So is a name that is there twice, of which the RFC takes the
// last: of signatures nobody should have to know that.

// The most that is read of each: more is no signature but an attempt to keep us busy.
const (
	maxEntries    = 64 // of an inner list
	maxParameters = 16 // of an item or list
)

// A fieldKind is what an item is, in words.
type fieldKind string

// The kinds of items.
const (
	fieldString  fieldKind = "a string"
	fieldToken   fieldKind = "a token"
	fieldBytes   fieldKind = "a byte sequence"
	fieldInteger fieldKind = "an integer"
	fieldBoolean fieldKind = "a boolean"
)

// A fieldItem is a value without its parameters.
type fieldItem struct {
	kind fieldKind
	// text is that of a string or token, and what a byte sequence stands for.
	text string
	// number is that of an integer; 1 and 0 for a boolean.
	number int64
}

// A fieldParam is a parameter of an item or of an inner list.
type fieldParam struct {
	name  string
	value fieldItem
}

// A fieldEntry is an item of an inner list. raw is its text, with its parameters.
type fieldEntry struct {
	raw    string
	item   fieldItem
	params []fieldParam
}

// A fieldMember is one of a dictionary: an item, or an inner list where isList.
// raw is the text of its value, with its parameters.
type fieldMember struct {
	key, raw string
	isList   bool
	item     fieldItem
	list     []fieldEntry
	params   []fieldParam
}

// memberOf returns the member of a dictionary that is called key.
func memberOf(members []fieldMember, key string) (*fieldMember, bool) {
	for i := range members {
		if members[i].key == key {
			return &members[i], true
		}
	}
	return nil, false
}

// parseDictionary reads a dictionary (RFC 9651, 4.2.2) of up to maxSignatures
// members. The error says at which character it stops to be one.
func parseDictionary(text string) ([]fieldMember, error) {
	r := &fieldReader{text: strings.Trim(text, " ")}
	var members []fieldMember
	for !r.ended() {
		m, err := r.member()
		if err != nil {
			return nil, err
		}
		if _, twice := memberOf(members, m.key); twice {
			return nil, fmt.Errorf("%s is there twice", m.key)
		}
		if members = append(members, m); len(members) > maxSignatures {
			return nil, fmt.Errorf("want at most %d members", maxSignatures)
		}
		r.skip(" \t")
		if r.ended() {
			break
		}
		if !r.take(',') {
			return nil, r.want("a comma")
		}
		if r.skip(" \t"); r.ended() {
			return nil, r.want("a member after the comma")
		}
	}
	return members, nil
}

// A fieldReader stands at a place in a text.
type fieldReader struct {
	text string
	at   int
}

func (r *fieldReader) ended() bool { return r.at >= len(r.text) }

// peek is the next character, 0 at the end: no field has that in it.
func (r *fieldReader) peek() byte {
	if r.ended() {
		return 0
	}
	return r.text[r.at]
}

func (r *fieldReader) take(c byte) bool {
	if r.peek() != c || r.ended() {
		return false
	}
	r.at++
	return true
}

func (r *fieldReader) skip(set string) {
	for !r.ended() && strings.IndexByte(set, r.text[r.at]) >= 0 {
		r.at++
	}
}

// while takes the characters for which is holds.
func (r *fieldReader) while(is func(byte) bool) string {
	from := r.at
	for !r.ended() && is(r.text[r.at]) {
		r.at++
	}
	return r.text[from:r.at]
}

func (r *fieldReader) want(what string) error {
	if r.ended() {
		return fmt.Errorf("want %s at character %d, where it ends", what, r.at+1)
	}
	return fmt.Errorf("want %s at character %d, got %q", what, r.at+1, r.text[r.at])
}

func (r *fieldReader) member() (m fieldMember, err error) {
	if m.key, err = r.key(); err != nil {
		return m, err
	}
	from := r.at + 1
	switch {
	case !r.take('='):
		from, m.item = r.at, fieldItem{kind: fieldBoolean, number: 1}
	case r.peek() == '(':
		m.isList = true
		m.list, err = r.innerList()
	default:
		m.item, err = r.item()
	}
	if err == nil {
		m.params, err = r.parameters()
	}
	m.raw = r.text[from:r.at]
	return m, err
}

// key reads the name of a member or parameter (RFC 9651, 4.2.3.3).
func (r *fieldReader) key() (string, error) {
	if c := r.peek(); c != '*' && !isLower(c) {
		return "", r.want("a name in lower case")
	}
	return r.while(func(c byte) bool {
		return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*'
	}), nil
}

// innerList reads a list in parentheses (RFC 9651, 4.2.1.2).
func (r *fieldReader) innerList() ([]fieldEntry, error) {
	r.take('(')
	var list []fieldEntry
	for {
		r.skip(" ")
		if r.take(')') {
			return list, nil
		}
		e, err := r.entry()
		if err != nil {
			return nil, err
		}
		if list = append(list, e); len(list) > maxEntries {
			return nil, fmt.Errorf("want at most %d items in a list", maxEntries)
		}
		if c := r.peek(); c != ' ' && c != ')' {
			return nil, r.want("a space or a closing parenthesis")
		}
	}
}

func (r *fieldReader) entry() (e fieldEntry, err error) {
	from := r.at
	if e.item, err = r.item(); err == nil {
		e.params, err = r.parameters()
	}
	e.raw = r.text[from:r.at]
	return e, err
}

// parameters reads what follows an item or list (RFC 9651, 4.2.3.2).
func (r *fieldReader) parameters() ([]fieldParam, error) {
	var params []fieldParam
	for r.take(';') {
		r.skip(" ")
		name, err := r.key()
		if err != nil {
			return nil, err
		}
		value := fieldItem{kind: fieldBoolean, number: 1}
		if r.take('=') {
			if value, err = r.item(); err != nil {
				return nil, err
			}
		}
		for i := range params {
			if params[i].name == name {
				return nil, fmt.Errorf("the parameter %s is there twice", name)
			}
		}
		if params = append(params, fieldParam{name, value}); len(params) > maxParameters {
			return nil, fmt.Errorf("want at most %d parameters", maxParameters)
		}
	}
	return params, nil
}

// item reads a bare item (RFC 9651, 4.2.3.1).
func (r *fieldReader) item() (fieldItem, error) {
	switch c := r.peek(); {
	case c == '"':
		return r.quoted()
	case c == ':':
		return r.bytes()
	case c == '?':
		return r.boolean()
	case c == '-' || isDigit(c):
		return r.integer()
	case c == '*' || isLower(c) || c >= 'A' && c <= 'Z':
		return fieldItem{kind: fieldToken, text: r.while(isTokenByte)}, nil
	}
	return fieldItem{}, r.want("a value")
}

func (r *fieldReader) quoted() (fieldItem, error) {
	var b strings.Builder
	for r.at++; ; r.at++ {
		switch c := r.peek(); {
		case c == '"':
			r.at++
			return fieldItem{kind: fieldString, text: b.String()}, nil
		case c < ' ' || c > '~':
			return fieldItem{}, r.want("a closing quote")
		case c == '\\':
			if r.at++; r.peek() != '"' && r.peek() != '\\' {
				return fieldItem{}, r.want(`\ or " after a backslash`)
			}
			fallthrough
		default:
			b.WriteByte(r.text[r.at])
		}
	}
}

// bytes reads a byte sequence. Its base64 must be written in the one way that is
// right: a lenient reader would take several texts for the same signature.
func (r *fieldReader) bytes() (fieldItem, error) {
	r.at++
	text := r.while(func(c byte) bool {
		return isLower(c) || isDigit(c) || c >= 'A' && c <= 'Z' || c == '+' || c == '/' || c == '='
	})
	if !r.take(':') {
		return fieldItem{}, r.want("base64 or a closing colon")
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return fieldItem{}, fmt.Errorf("what stands between colons is not base64: %s", shorten(text))
	}
	return fieldItem{kind: fieldBytes, text: string(decoded)}, nil
}

func (r *fieldReader) boolean() (fieldItem, error) {
	r.at++
	switch {
	case r.take('1'):
		return fieldItem{kind: fieldBoolean, number: 1}, nil
	case r.take('0'):
		return fieldItem{kind: fieldBoolean}, nil
	}
	return fieldItem{}, r.want("0 or 1")
}

// maxDigits is how long an integer may be (RFC 9651, 3.3.1).
const maxDigits = 15

func (r *fieldReader) integer() (fieldItem, error) {
	negative := r.take('-')
	digits := r.while(isDigit)
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || len(digits) > maxDigits {
		return fieldItem{}, fmt.Errorf("want an integer of 1 to %d digits before character %d", maxDigits, r.at+1)
	}
	if r.peek() == '.' {
		return fieldItem{}, r.want("an integer")
	}
	if negative {
		n = -n
	}
	return fieldItem{kind: fieldInteger, number: n}, nil
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isTokenByte reports whether c can be in a token (RFC 9651, 3.3.4).
func isTokenByte(c byte) bool {
	return isLower(c) || isDigit(c) || c >= 'A' && c <= 'Z' || strings.IndexByte(":/!#$%&'*+-.^_`|~", c) >= 0
}

// quoteField writes a string as a Structured Field does. Its characters must be
// those that can be seen, and spaces.
func quoteField(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
