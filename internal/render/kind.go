package render

import (
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/validate"
)

// kindInWords says what findings of a kind are about.
func kindInWords(kind string) string {
	switch kind {
	case kindUnreadable:
		return "A payload cannot be read"
	case kindNoSchema:
		return "No schema is known for a payload"
	case kindNotJSON, schema.KindSyntax:
		return "A payload is not JSON"
	case kindAccepted:
		return "A payload that must be refused was accepted"
	case kindInvalid:
		return "A payload is not what its schema says"
	case validate.KindEvent:
		return "The path of a payload and its body name different events"
	case kindVersion:
		return "A payload is what its schema says in another API version"
	case kindMore:
		return "A payload has more faults than are listed"
	case schema.KindDepth:
		return "A payload is nested too deep to be checked"
	case schema.KindNumber:
		return "A number is too long or too large to be checked"
	case schema.KindDuplicateKey:
		return "A key is there twice, and readers take the first or the last"
	case schema.KindEncoding:
		return "A text is not UTF-8, or has half a surrogate pair"
	case schema.KindFalse:
		return "The schema allows no value here"
	case schema.KindDeadline:
		return "Checking a payload took too long"
	case schema.KindBroken:
		return "Checking a payload failed"
	}
	return "A value is not what the keyword " + kind + " of its schema says"
}
