package hook

// A Validation says whether a body is what the provider's catalog says.
type Validation struct {
	Outcome Validity
	// Schema names what the body was held against: "recharge/2021-11/order"; "" where
	// there was nothing.
	Schema string
	// Reason says in a sentence for people why there was nothing to hold it against, why
	// it is not JSON, or what an invalid body is instead; "" otherwise.
	Reason string
	// Fits is the API version that an invalid body is valid in, "" where there is none:
	// nothing is wrong with it then but that another version was expected.
	Fits string
	// Faults are what is wrong, in the order of the text and always the same; a valid
	// body may have some of ClassDoubt.
	Faults []Fault
	// More is how many faults were found beyond those kept. A text with very many is not
	// searched for all: then it is how many there are at least.
	More int
}

// Validity is how a validation ended.
type Validity string

// The outcomes of a validation.
const (
	Valid   Validity = "valid"
	Invalid Validity = "invalid"
	// ValidEnvelope: the envelope is right, and no more is known of the body.
	ValidEnvelope Validity = "envelope"
	// NoSchema: nothing is known of such an event.
	NoSchema Validity = "no_schema"
	// NotJSON: the body cannot be read at all.
	NotJSON Validity = "not_json"
)

// Passed reports whether the body was held against a schema and is what it says.
func (v Validity) Passed() bool { return v == Valid || v == ValidEnvelope }

// A Class says how bad a fault is. The first is the worst.
type Class string

// The classes of faults.
const (
	// ClassWrong: a value that a handler cannot expect.
	ClassWrong Class = "wrong"
	// ClassMissing: a required property is not there, as in payloads from before the
	// catalog had it.
	ClassMissing Class = "missing"
	// ClassDoubt: no rule of the schema is broken, but readers may disagree, as about a
	// repeated key.
	ClassDoubt Class = "doubt"
)

// A Fault is one thing that is wrong with a body.
type Fault struct {
	// Kind is a stable word for it: the keyword of the schema that is broken, such as
	// "type", or one of the words of package schema.
	Kind  string
	Class Class
	// Pointer is the JSON pointer (RFC 6901) of the value; "" is the whole. For a
	// property that is missing it is the object, for one that is not allowed the property.
	Pointer string
	// Rule is where the schema says so: "order.schema.json#/properties/id/type"; "" where
	// it is a rule of hookctl's own.
	Rule string
	// Message says what is wrong and what was expected. It may hold text of the sender.
	Message string
	// Line and Column are from 1, in characters; Offset is in bytes, from 0. All are those
	// in the body.
	Line, Column, Offset int
}
