package store

import (
	"hash/crc32"
	"math"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// Traits are what the identities of many captures have in common: the zero traits
// are those of a capture that nobody recognised.
type traits struct {
	provider string // in lower case
	event    string
	outcome  int
}

// Outcomes as numbers. In traits there is none where the provider is not known:
// there is nothing to verify by. What counts as unchecked is a range.
const (
	outcomeNone = iota
	outcomeNotChecked
	outcomeVerified
	outcomeFailed
	outcomeUnsaid // only in the traits that unsaid returns
)

// unsaid are the traits of a capture that has to be looked at itself: they may be any.
func unsaid() traits { return traits{outcome: outcomeUnsaid} }

func outcomeCode(o hook.Outcome) int {
	switch o {
	case hook.Verified:
		return outcomeVerified
	case hook.Failed:
		return outcomeFailed
	}
	return outcomeNotChecked
}

func outcomeOf(code int) hook.Outcome {
	switch code {
	case outcomeVerified:
		return hook.Verified
	case outcomeFailed:
		return hook.Failed
	}
	return hook.NotChecked
}

func traitsOf(id *hook.Identity) traits {
	if id == nil {
		return traits{}
	}
	t := traits{provider: bounded(strings.ToLower(bounded(id.Provider))), event: bounded(id.Event.Type)}
	switch {
	case t.provider == "":
	case id.Verification == nil:
		t.outcome = outcomeNotChecked
	default:
		t.outcome = outcomeCode(id.Verification.Outcome)
	}
	return t
}

// tagOf returns a number of two bytes for the id of an event, 0 where there is
// none. One in 65535 others has the same: they are told apart by reading them.
func tagOf(id *hook.Identity) uint16 {
	if id == nil || id.Event.ID == "" {
		return 0
	}
	return tag(bounded(id.Event.ID))
}

func tag(eventID string) uint16 {
	return uint16(1 + crc32.Checksum([]byte(eventID), castagnoli())%math.MaxUint16)
}

// An identityFacet is what a facet has of an identity.
type identityFacet struct {
	traits
	tag uint16
}

func newIdentityFacet(id *hook.Identity) identityFacet {
	return identityFacet{traitsOf(id), tagOf(id)}
}
