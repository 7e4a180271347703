package provider

import (
	"fmt"
	"iter"
	"strings"
)

// A Template is a text with places in braces: "{timestamp}.{body}". A place may be
// empty where it ends in "?": "{json:original?}". A brace that is meant is written
// twice.
type Template struct {
	source string
	parts  []part
}

// A part is a literal text or a place.
type part struct {
	text     string
	place    Place // where text is ""
	optional bool
}

// ParseTemplate reads a template.
func ParseTemplate(source string) (Template, error) {
	t := Template{source: source}
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			t.parts = append(t.parts, part{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(source); i++ {
		c := source[i]
		switch {
		case (c == '{' || c == '}') && i+1 < len(source) && source[i+1] == c:
			text.WriteByte(c)
			i++
		case c == '}':
			return Template{}, fmt.Errorf("want a brace that is closed to be open, got %q; }} is a brace itself", source)
		case c == '{':
			end := strings.IndexByte(source[i:], '}')
			if end < 0 {
				return Template{}, fmt.Errorf("want a closing brace, got %q; {{ is a brace itself", source)
			}
			name, optional := strings.CutSuffix(source[i+1:i+end], "?")
			place, err := ParsePlace(name)
			if err != nil {
				return Template{}, err
			}
			flush()
			t.parts = append(t.parts, part{place: place, optional: optional})
			i += end
		default:
			text.WriteByte(c)
		}
	}
	flush()
	return t, nil
}

// UnmarshalText reads a template.
func (t *Template) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTemplate(string(text))
	return err
}

// String is the template as it was written.
func (t Template) String() string { return t.source }

// IsZero reports whether the template is empty.
func (t Template) IsZero() bool { return t.source == "" }

// Places goes over the places of the template.
func (t Template) Places() iter.Seq[Place] {
	return func(yield func(Place) bool) {
		for i := range t.parts {
			if t.parts[i].text == "" && !yield(t.parts[i].place) {
				return
			}
		}
	}
}

// A MissingError says that a message lacks what a template needs.
type MissingError struct{ Place Place }

func (e *MissingError) Error() string { return "there is no " + e.Place.Words() }

// Write hands the parts of the filled template to emit, which must not keep them.
// The error is a *MissingError, or says why a large body cannot be read.
func (t Template) Write(s *Scope, emit func([]byte)) error {
	var buf [256]byte
	scratch := buf[:0]
	for i := range t.parts {
		p := &t.parts[i]
		switch {
		case p.text != "":
			scratch = append(scratch[:0], p.text...)
		case p.place.Kind == PlaceBody:
			if err := s.Message.eachPiece(emit); err != nil {
				return err
			}
			continue
		default:
			var ok bool
			if scratch, ok = s.Append(scratch[:0], &p.place); !ok && !p.optional {
				return &MissingError{p.place}
			}
		}
		emit(scratch)
	}
	return nil
}

// Fill returns the filled template. The error is a *MissingError.
func (t Template) Fill(s *Scope) (string, error) {
	if len(t.parts) == 1 && t.parts[0].text == "" { // most have one place and nothing else
		p := &t.parts[0]
		text, ok := s.Text(&p.place)
		if !ok && !p.optional {
			return "", &MissingError{p.place}
		}
		return text, nil
	}
	var b strings.Builder
	err := t.Write(s, func(part []byte) { b.Write(part) })
	if err != nil {
		return "", err
	}
	return b.String(), nil
}

// Words says which place is meant, for people.
func (p Place) Words() string {
	switch p.Kind {
	case PlaceHeader:
		return "header " + strings.Join(p.names, " or ")
	case PlaceJSON, PlaceItem:
		return p.Arg + " in the JSON body"
	case PlaceKey:
		return "key in the JSON body"
	case PlaceForm:
		return "form field " + p.Arg
	case PlaceForms:
		return "form in the body that reads in one way alone"
	case PlaceXML:
		return p.Arg + " in the XML body"
	case PlaceQuery:
		return "query parameter " + p.Arg
	case PlacePart:
		return p.Arg + "= in the signature"
	case PlaceURL:
		return "URL"
	case PlaceTimestamp:
		return "timestamp"
	case PlaceSign:
		return "secret"
	}
	return string(p.Kind)
}
