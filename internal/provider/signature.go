package provider

import (
	"iter"
	"slices"
)

// Signatures are the schemes by which the provider's messages are signed.
type Signatures struct {
	// Rule says how several schemes go together.
	Rule SetRule `yaml:"rule"`
	// None says that messages carry no proof of their sender, with the reason.
	None    string   `yaml:"none"`
	Schemes []Scheme `yaml:"schemes"`
	// Unsigned are the kinds of message that carry no signature although others do.
	Unsigned []UnsignedRule `yaml:"unsigned"`
}

// An UnsignedRule says which messages need no signature, and why.
type UnsignedRule struct {
	Name  string     `yaml:",key"`
	When  Conditions `yaml:"when"`
	About string     `yaml:"about"`
}

// A Scheme is one way of signing.
type Scheme struct {
	Name string `yaml:",key"`
	// Algorithm makes the signature of the content and the key.
	Algorithm Algorithm `yaml:"algorithm"`
	// Codec names a built-in canonical form that stands in the place of Content.
	Codec Codec   `yaml:"codec"`
	Key   KeyRule `yaml:"key"`
	// Content is what is signed.
	Content Template `yaml:"content"`
	// Where the signature stands in the message, and how it is written there.
	In []Place `yaml:"in"`
	// Each says that there may be a signature at every place of In, each of another
	// key, and that one that holds is enough. Otherwise the first that is there counts.
	Each     bool     `yaml:"each"`
	Prefix   string   `yaml:"prefix"`
	Grammar  Grammar  `yaml:"grammar"`
	Encoding Encoding `yaml:"encoding"`
	// Timestamp is nil where the scheme has none.
	Timestamp *TimestampRule `yaml:"timestamp"`
	// Digest is the digest of the body that the message carries, where the content
	// covers that digest and not the body.
	Digest *DigestRule `yaml:"digest"`
	// When says to which messages the scheme applies; none means all.
	When Conditions `yaml:"when"`
	// Legacy says that the scheme is still verified but not sent any more.
	Legacy bool `yaml:"legacy"`
	// Components are what a signature of the codec http-message-signatures must cover.
	Components []string `yaml:"components"`
}

// A KeyRule says how a secret becomes a key.
type KeyRule struct {
	Encoding KeyEncoding `yaml:"encoding"`
	// Prefixes are cut off first, where the secret has one.
	Prefixes []string `yaml:"prefixes"`
	// Required says that a secret without one of Prefixes is for another scheme, and so
	// is one that begins with one of Refused.
	Required bool     `yaml:"required"`
	Refused  []string `yaml:"refused"`
	// ID is the keyid that signatures of the codec http-message-signatures are sent
	// with; "" for none.
	ID string `yaml:"id"`
}

// A Grammar says how several signatures stand in one value. The zero Grammar is
// one signature and nothing else.
type Grammar struct {
	// List parts the elements: "," or " ".
	List string `yaml:"list"`
	// Pair parts an element's name from its value: "=" or ",".
	Pair string `yaml:"pair"`
	// Names are those of the elements that are signatures; others are skipped.
	Names []string `yaml:"names"`
	// Lead are the elements that are written before the signatures.
	Lead []Template `yaml:"lead"`
}

// A TimestampRule says when a message was signed and how old it may be.
type TimestampRule struct {
	// From is where it is; a codec knows its own.
	From []Place  `yaml:"from"`
	Unit TimeUnit `yaml:"unit"`
	// Tolerance is the greatest age, Future the greatest time ahead; "any" where
	// there is no limit.
	Tolerance Duration `yaml:"tolerance"`
	Future    Duration `yaml:"future"`
	// Unsigned says that the content does not cover the timestamp.
	Unsigned bool `yaml:"unsigned"`
}

// A DigestRule says where the digest of the body is.
type DigestRule struct {
	From      Place     `yaml:"from"`
	Algorithm Algorithm `yaml:"algorithm"`
	Encoding  Encoding  `yaml:"encoding"`
}

// A Binding says what of the body a signature covers.
type Binding int

// The bindings.
const (
	CoversBody   Binding = iota // all of it, as it was sent
	CoversDigest                // a digest of it, which is checked
	CoversFields                // some of its fields
	CoversNone                  // nothing
)

// Binding tells what of the body s covers.
func (s *Scheme) Binding() Binding {
	if s.Codec == CodecSNS {
		return CoversFields
	}
	if s.Codec == CodecMessageSignatures && !slices.Contains(s.Components, "content-digest") {
		return CoversNone // one that covers it all the same is none that must
	}
	if s.Digest != nil || s.Codec == CodecMessageSignatures {
		return CoversDigest
	}
	binding := CoversNone
	if s.Algorithm.Token() {
		return binding
	}
	for place := range s.Content.Places() {
		switch place.Kind {
		case PlaceBody, PlaceForms:
			return CoversBody
		case PlaceCRC32, PlaceSHA256:
			binding = CoversDigest
		case PlaceJSON, PlaceItem, PlaceForm:
			if binding == CoversNone {
				binding = CoversFields
			}
		}
	}
	return binding
}

// Reads goes over the places of a message that decide whether s applies to it and holds.
// Those that a codec knows are not among them.
func (s *Scheme) Reads() iter.Seq[Place] {
	return func(yield func(Place) bool) {
		all := slices.Concat(slices.Collect(s.When.places()), s.In, slices.Collect(s.Content.Places()))
		if s.Timestamp != nil {
			all = append(all, s.Timestamp.From...)
		}
		if s.Digest != nil {
			all = append(all, s.Digest.From)
		}
		for _, place := range all {
			for place.Kind == PlaceSign {
				place = *place.inner
			}
			if !yield(place) {
				return
			}
		}
	}
}

// PerItem reports whether each item of a batch has a signature of its own.
func (s *Scheme) PerItem() bool {
	for _, place := range s.In {
		if place.Kind == PlaceItem {
			return true
		}
	}
	return false
}
