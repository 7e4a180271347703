package provider

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/suggest"
)

// A PlaceKind is a kind of place where a message, or what is known of it, has a value.
type PlaceKind string

// The kinds. The comment has the form of the argument, if there is one.
const (
	PlaceBody   PlaceKind = "body"   // the whole body, as it was sent
	PlaceHeader PlaceKind = "header" // NAME, or NAME|NAME: the first that is there
	PlaceJSON   PlaceKind = "json"   // data.items[0].id, of a JSON body
	PlaceItem   PlaceKind = "item"   // the same, of one item of a batch
	PlaceKey    PlaceKind = "key"    // the key of a JSON body that wraps a resource
	PlaceForm   PlaceKind = "form"   // NAME, of a form
	PlaceForms  PlaceKind = "forms"  // all fields of a form by name, each name and value
	PlaceXML    PlaceKind = "xml"    // NAME/NAME, of an XML body
	PlaceQuery  PlaceKind = "query"  // NAME, of the URL
	PlaceMethod PlaceKind = "method"
	PlaceURL    PlaceKind = "url" // as the sender has it; or "decoded", with the marks :/?@!$'()*,; in the place of their escapes
	PlaceHost   PlaceKind = "host"
	PlacePath   PlaceKind = "path"   // without the query
	PlaceTarget PlaceKind = "target" // with the query
	PlaceCRC32  PlaceKind = "crc32"  // of the body, in decimal
	PlaceSHA256 PlaceKind = "sha256" // of the body, in hexadecimal

	PlaceSecret    PlaceKind = "secret"    // the key
	PlaceTimestamp PlaceKind = "timestamp" // of the signature, as it is written
	PlacePart      PlaceKind = "part"      // NAME, an element of the signature's value
	PlaceSign      PlaceKind = "sign"      // PLACE: the HMAC-SHA256 of what is there, in hexadecimal

	// Those below are known when a message is made.
	PlaceID    PlaceKind = "id"
	PlaceEvent PlaceKind = "event" // or "before MARK", "after MARK": a part of the type
	PlaceTime  PlaceKind = "time"  // s, ms, rfc3339, rfc1123
	PlaceTry   PlaceKind = "try"   // the number of the attempt, from 1; or "retry", from 0; or "again", that of a retry alone
	PlaceCause PlaceKind = "cause" // why there is a retry
	PlaceFirst PlaceKind = "first" // s, ms, rfc3339, rfc1123: the time of the first attempt

	// PlaceRandom is a text that is another for every message: so many hexadecimal digits.
	PlaceRandom PlaceKind = "random"

	// PlaceStatus is the status that a failed attempt was answered with, 0 for none.
	PlaceStatus PlaceKind = "status"
)

// argument says which kinds need an argument, and which may have one.
type argument int

const (
	without argument = iota
	needed
	possible
)

func placeKinds() map[PlaceKind]argument {
	return map[PlaceKind]argument{
		PlaceBody: without, PlaceHeader: needed, PlaceJSON: needed, PlaceItem: needed, PlaceKey: without,
		PlaceForm: needed, PlaceForms: without, PlaceXML: needed, PlaceQuery: needed, PlaceMethod: without,
		PlaceURL: possible, PlaceHost: without, PlacePath: without, PlaceTarget: without, PlaceCRC32: without,
		PlaceSHA256: without, PlaceSecret: without, PlaceTimestamp: without, PlacePart: needed, PlaceSign: needed,
		PlaceID: without, PlaceEvent: possible, PlaceTime: needed, PlaceTry: possible, PlaceCause: without, PlaceFirst: needed,
		PlaceRandom: needed, PlaceStatus: without,
	}
}

// A Place is where a value is: "header:X-Signature", "json:data.id", "method".
type Place struct {
	Kind PlaceKind
	Arg  string

	path  jsontext.Path // of json and item
	names []string      // of header
	inner *Place        // of sign
}

// ParsePlace reads a place.
func ParsePlace(text string) (Place, error) {
	kind, arg, has := strings.Cut(text, ":")
	p := Place{Kind: PlaceKind(kind), Arg: arg}
	takes, known := placeKinds()[p.Kind]
	switch {
	case !known:
		return Place{}, fmt.Errorf("want a place such as header:X-Signature or json:data.id, got %q%s", text, nearKind(kind))
	case takes == needed && arg == "":
		return Place{}, fmt.Errorf("want something after the colon, as in header:X-Signature or json:data.id, got %q", text)
	case takes == without && has:
		return Place{}, fmt.Errorf("want %s alone, got %q", kind, text)
	}
	return p, p.compile()
}

func nearKind(word string) string {
	var names []string
	for kind := range placeKinds() {
		names = append(names, string(kind))
	}
	slices.Sort(names)
	if near := suggest.Nearest(word, names); near != "" {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	return "; the kinds are " + strings.Join(names, ", ")
}

// compile prepares what the argument stands for.
func (p *Place) compile() (err error) {
	switch p.Kind {
	case PlaceJSON, PlaceItem:
		p.path, err = jsontext.ParsePath(p.Arg)
	case PlaceHeader:
		p.names = strings.Split(p.Arg, "|")
		for _, name := range p.names {
			if name == "" || strings.ContainsAny(name, " \t:,;") {
				return fmt.Errorf("want a header's name, got %q", p.Arg)
			}
		}
	case PlaceSign:
		inner, err := ParsePlace(p.Arg)
		if err != nil {
			return err
		}
		p.inner = &inner
	case PlaceTime, PlaceFirst:
		var unit TimeUnit
		return unit.UnmarshalText([]byte(p.Arg))
	case PlaceEvent:
		if how, mark, _ := strings.Cut(p.Arg, " "); p.Arg != "" && (how != "before" && how != "after" || mark == "") {
			return fmt.Errorf("want event, event:before MARK or event:after MARK, got %q", p.String())
		}
	case PlaceURL:
		if p.Arg != "" && p.Arg != "decoded" {
			return fmt.Errorf("want url or url:decoded, got %q", p.String())
		}
	case PlaceRandom:
		if n, err := strconv.ParseUint(p.Arg, 10, 8); err != nil || n == 0 {
			return fmt.Errorf("want the number of digits, as in random:32, got %q", p.String())
		}
	case PlaceTry:
		if p.Arg != "" && p.Arg != "retry" && p.Arg != "again" {
			return fmt.Errorf("want try, try:retry or try:again, got %q", p.String())
		}
	}
	return err
}

// UnmarshalText reads a place.
func (p *Place) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePlace(string(text))
	return err
}

// String is the place as profiles write it.
func (p Place) String() string {
	if p.Arg == "" {
		return string(p.Kind)
	}
	return string(p.Kind) + ":" + p.Arg
}

// Names are the names of a header place, the first being the one that is sent.
func (p Place) Names() []string { return p.names }
