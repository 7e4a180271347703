package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/provider"
)

// bodyHints are what can be seen in the body that nothing can undo: what is lost is not
// there to be tried.
func (e *explainer) bodyHints() []string {
	body, marked := bytes.CutPrefix(e.message.Body, []byte("\uFEFF"))
	trimmed := bytes.TrimSpace(body)
	var hints []string
	switch {
	case !e.readsBody():
		return nil
	case len(e.message.Body) == 0:
		return []string{"the body is empty: its stream was read before, or it was not kept or passed on"}
	case string(trimmed) == "[object Object]":
		return []string{"the body is the text [object Object], so an object was turned into a string before: its bytes are lost"}
	case marked:
		hints = append(hints, "the body begins with a byte order mark, with which it is not JSON: an editor or PowerShell wrote it so")
	case bytes.Contains(body, []byte("\uFFFD")) && utf8.Valid(body):
		hints = append(hints, "the body has the character U+FFFD, which stands where bytes were lost: it was read as text")
	}
	tree, reason := parseJSON(body)
	switch {
	case reason == "":
		return append(hints, tree.lossHints()...)
	case !e.wantsJSON(trimmed):
		return hints
	case reason != notJSONText:
		return append(hints, "the body was not tried as JSON written anew: "+reason)
	}
	return append(hints, faultInJSON(body))
}

// readsBody reports whether what is in the body matters to one of the schemes.
func (e *explainer) readsBody() bool {
	for _, s := range e.verifier.schemes {
		if s.Codec != "" || s.PerItem() || s.Digest != nil || coversBody(s.Scheme) {
			return true
		}
	}
	return false
}

// wantsJSON reports whether a body, or what it is said to be, looks like JSON.
func (e *explainer) wantsJSON(body []byte) bool {
	if e.profile.Body.Kind != provider.BodyJSON || len(body) == 0 {
		return false
	}
	return body[0] == '{' || body[0] == '[' || strings.Contains(strings.ToLower(e.message.Header.Get("Content-Type")), "json")
}

// faultInJSON says where a body ceases to be JSON.
func faultInJSON(body []byte) string {
	var fault *json.SyntaxError
	err := json.Unmarshal(body, new(json.RawMessage))
	switch {
	case !errors.As(err, &fault) || fault.Offset <= 1:
		return "the body is not JSON"
	case fault.Offset >= int64(len(body)) && strings.Contains(err.Error(), "unexpected end"):
		return fmt.Sprintf("the body is not complete JSON: was it cut off after %d bytes?", len(body))
	}
	return fmt.Sprintf("the body is JSON up to byte %d and not from there on: something altered it, or put something behind it", fault.Offset)
}

// lossHints are what shows that a parser which loses something has written the JSON.
func (t *jsonTree) lossHints() []string {
	var hints []string
	for i := range t.nodes {
		if n := &t.nodes[i]; n.kind == '0' && looksRounded(t.text[n.start:n.end]) {
			hints = append(hints, "the body has large whole numbers that end in zeros: JavaScript, and others that read numbers as float64, may have rounded them, and what they were is lost")
			break
		}
	}
	if t.indexes && t.isWrittenAs(javaScriptStyle()) {
		hints = append(hints, "the keys that are numbers stand first and in order, as JavaScript writes them: if they stood otherwise before, that is lost")
	}
	return hints
}

// looksRounded reports whether a number is one that float64 cannot tell from those
// beside it, and written as JavaScript writes it then. A few are so by chance.
func looksRounded(text []byte) bool {
	const exact = 17 // digits, from which on not each whole number is a float64
	digits := bytes.TrimPrefix(text, []byte("-"))
	if len(digits) < exact || !bytes.HasSuffix(digits, []byte("00")) || bytes.ContainsAny(digits, ".eE") {
		return false
	}
	return bytes.Equal(numbersJavaScript.append(nil, text), text)
}

// schemeHints say for which messages the schemes are, where none is for this one.
func (e *explainer) schemeHints() []string {
	var hints []string
	for _, s := range e.verifier.schemes {
		var places []string
		for i := range s.When {
			places = appendNew(places, s.When[i].Place.Words())
		}
		if len(places) > 0 {
			hints = append(hints, "whether the scheme "+s.Name+" is for a message is told by its "+strings.Join(places, " and "))
		}
	}
	return append(hints, e.signaturesHere()...)
}
