// Package provider knows who sends webhooks, and how: profiles are data, which it
// loads, checks and applies to a message. It does no I/O of its own and keeps no
// state: files come in as an fs.FS, what it finds goes out as values.
package provider

import (
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A Profile is what is known of one provider. Its form as a file is described by
// schemas/provider.schema.json.
type Profile struct {
	// Name is that of the folder of the profile: lower case, parts joined by "-".
	Name    string   `yaml:"name"`
	Title   string   `yaml:"title"`
	About   string   `yaml:"about"`
	Aliases []string `yaml:"aliases"`
	// Like names the profile from which all sections are taken that this one lacks.
	Like string `yaml:"like"`
	// APIVersion is the version whose payloads are meant where a message does not say.
	APIVersion string `yaml:"api_version"`
	// Sources are the places where the facts come from, by the short names that
	// Provenance uses.
	Sources []Named `yaml:"sources"`
	// Provenance says of each rule, or of all rules below a path, how it is known.
	Provenance []RuleProvenance `yaml:"provenance"`

	Secret     SecretRule   `yaml:"secret"`
	Body       BodyRule     `yaml:"body"`
	Detect     DetectRule   `yaml:"detect"`
	Event      EventRule    `yaml:"event"`
	Headers    []HeaderRule `yaml:"headers"`
	Signatures Signatures   `yaml:"signatures"`
	Handshakes []Handshake  `yaml:"handshakes"`
	Policy     Policy       `yaml:"policy"`
	Endpoint   EndpointRule `yaml:"endpoint"`

	// Overridden are the rules that were set from outside the file.
	Overridden []string

	doc  *yamldoc.Document
	text []byte   // of the file
	base *Profile // the one that Like names
	// overriding are the values of the overridden rules.
	overriding []override
}

// File is the name of the profile's file.
func (p *Profile) File() string { return p.doc.File() }

// Source is the text of the profile's file.
func (p *Profile) Source() []byte { return p.text }

// A Named text is one entry of a mapping.
type Named struct {
	Name string `yaml:",key"`
	Text string `yaml:",value"`
}

// A SecretRule describes the secret that a user copies from the provider.
type SecretRule struct {
	// Name is what the provider calls it.
	Name string `yaml:"name"`
	// Form is how `secret generate` makes one.
	Form SecretForm `yaml:"form"`
	// Bytes is how many random bytes it then has; 0 for as many as the form has by itself.
	Bytes int `yaml:"bytes"`
	// Prefix begins each generated secret.
	Prefix string `yaml:"prefix"`
	// Rotation is how long the old secret is still signed with after a change; 0 where unknown.
	Rotation Duration `yaml:"rotation"`
}

// A BodyRule says what bodies are.
type BodyRule struct {
	Kind        BodyKind `yaml:"kind"`
	ContentType string   `yaml:"content_type"`
	// Items is the JSON path of the list where one body carries several events; "[]"
	// for a body that is the list.
	Items string `yaml:"items"`
	// Stamps are fields of a JSON body that are written anew for each message that is
	// sent, by their paths. Their values are JSON themselves: "{timestamp}" is a number.
	Stamps []HeaderRule `yaml:"stamps"`
}

// A DetectRule says by what a message is known to be the provider's.
type DetectRule struct {
	Strength Strength `yaml:"strength"`
	// Any of these must hold, each with all its conditions.
	Any []Conditions `yaml:"any"`
}

// Conditions hold when each of them does.
type Conditions []Condition

// A Condition holds when its place is there and what is there fits a glob.
type Condition struct {
	Place Place `yaml:",key"`
	Glob  Glob  `yaml:",value"`
}

// An EventRule says where the event's properties are: the first of the templates
// of which every place is there.
type EventRule struct {
	Type []Template `yaml:"type"`
	// Agree says that all templates of Type that resolve must say the same.
	Agree bool `yaml:"agree"`
	// Named are the types of messages that do not say theirs: the first whose
	// conditions hold, where no template of Type is filled.
	Named []NamedEvent `yaml:"named"`
	ID    []Template   `yaml:"id"`
	Time  []Template   `yaml:"time"`
	// NewID is how an id is made for a test event.
	NewID IDForm `yaml:"new_id"`
	// StableID says whether a repeated delivery has the id of the first.
	StableID Ternary `yaml:"stable_id"`
	// Example is the type of a test event where none is asked for.
	Example string `yaml:"example"`
	// Filter says whether an endpoint must choose its event types.
	Filter FilterRule `yaml:"filter"`
}

// A NamedEvent is a type of event that is known by what the message has.
type NamedEvent struct {
	Type string     `yaml:",key"`
	When Conditions `yaml:",value"`
}

// A HeaderRule is a header that the provider sends, in its order.
type HeaderRule struct {
	Name  string   `yaml:",key"`
	Value Template `yaml:",value"`
}

// An EndpointRule says what the provider demands of, and does for, an endpoint.
type EndpointRule struct {
	// HTTPS says that targets must be HTTPS.
	HTTPS bool `yaml:"https"`
	// CustomHeaders says whether a user can have headers of their own sent.
	CustomHeaders bool `yaml:"custom_headers"`
	// RefusedHeaders are globs of header names that cannot be set.
	RefusedHeaders []Glob `yaml:"refused_headers"`
	// RateLimit says whether deliveries can be limited per endpoint.
	RateLimit bool `yaml:"rate_limit"`
	// PerTopic is how many endpoints may share an event type; 0 for no known limit.
	PerTopic int `yaml:"per_topic"`
}
