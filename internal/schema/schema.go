// Package schema compiles JSON Schemas and holds JSON texts against them. Neither a
// text nor a schema makes it panic, run on, or read what it was not given.
package schema

import "time"

// What a text may have to be held against a schema at all.
const (
	// MaxDepth is how deep objects and arrays may be nested: errors deep inside a
	// recursive schema cost the cube of their depth.
	MaxDepth = 100
	// MaxNumber is how many characters a number may have.
	MaxNumber = 1000
	// MaxExponent is how large the exponent of a number may be, either way.
	MaxExponent = 400
	// MaxFaults is how many faults are kept of one text.
	MaxFaults = 100
	// MaxPointer is how many bytes the pointer of a fault has at most: in a longer one …
	// stands for what is left out of long keys.
	MaxPointer = 1024
	// Deadline is how long one text may take.
	Deadline = 5 * time.Second
)

// Kinds of faults that are not keywords of a schema.
const (
	KindSyntax       = "syntax"        // not JSON
	KindDepth        = "depth"         // nested too deep to be checked
	KindNumber       = "number"        // a number that is too long or large to be checked
	KindDuplicateKey = "duplicate_key" // readers take the first or the last
	KindEncoding     = "encoding"      // not UTF-8, or half a surrogate pair
	KindFalse        = "false"         // the schema allows nothing here
	KindDeadline     = "deadline"      // checking took too long
	KindBroken       = "broken"        // checking failed for a reason of its own
)

// Options say how a schema is compiled.
type Options struct {
	// Load returns the text of another schema that is referred to, by its absolute URL
	// without a fragment. nil refuses all; nothing else is ever read.
	Load func(url string) ([]byte, error)
	// Draft is that of a schema that does not say: "4", "6", "7", "2019-09", "2020-12";
	// "" takes the one whose keywords it has.
	Draft string
	// IgnoreFormats leaves the keyword format without effect.
	IgnoreFormats bool
}

// A Schema is a compiled schema. It is safe for concurrent use.
type Schema struct {
	engine engine
	// Warnings are about the schema itself: formats that nobody checks.
	Warnings []string
}

// An engine tells whether a value is as a schema has it: nil where it is, else faults
// without their place in the text, in any order. more says that it found so many that it
// did not look for all. The value is as encoding/json decodes it with numbers kept as they
// are written. The error is about a check that could not be made, or not to the end:
// errLong.
type engine interface {
	check(value any, of size) (found []finding, more bool, err error)
}

// A size is how many values a text has, those inside others with them, how deep it is
// nested, and how many bytes the pointers of all values have together.
type size struct{ values, depth, paths int }
