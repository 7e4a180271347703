package schema

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

const (
	// patternTimeout is how long one match by backtracking may take.
	patternTimeout = 250 * time.Millisecond
	// maxPattern is how many bytes a pattern may have that needs backtracking.
	maxPattern = 10_000
	// bigPattern is from how many states on a pattern is matched only to texts that
	// are short in proportion: without backtracking, time is the product of both.
	bigPattern = 2_000
	// maxStates bounds that product.
	maxStates = 200_000_000
)

// errSlow is why a pattern was not matched to the end.
var errSlow = errors.New("matching takes too long")

// A matcher is a compiled pattern.
type matcher struct {
	fast   *regexp.Regexp // nil for a pattern that only ECMA-262 knows
	ecma   *regexp2.Regexp
	states int // of fast, where they are many
	// changed says that fast is not the pattern as it is written, and foreign what of it
	// ECMA-262 does not have.
	changed bool
	foreign string
}

// newMatcher compiles a pattern, by Go's own package where that understands it.
func newMatcher(pattern string) (*matcher, error) {
	text, foreign := translated(pattern)
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err == nil {
		program, err := syntax.Compile(parsed.Simplify())
		if err != nil {
			return nil, err
		}
		fast, err := regexp.Compile(text)
		if err != nil {
			return nil, err
		}
		m := &matcher{fast: fast, changed: text != pattern, foreign: foreign}
		if len(program.Inst) > bigPattern {
			m.states = len(program.Inst)
		}
		return m, nil
	}
	ecma, ecmaErr := newECMA(pattern)
	if ecmaErr != nil {
		return nil, fmt.Errorf("%w; nor does ECMA-262 have it: %w", err, ecmaErr)
	}
	return &matcher{ecma: ecma}, nil
}

func newECMA(pattern string) (re *regexp2.Regexp, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			re, err = nil, fmt.Errorf("%v", fault)
		}
	}()
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("a pattern of %d bytes, and at most %d are taken", len(pattern), maxPattern)
	}
	if escape := foreignEscape(pattern); escape != "" {
		return nil, fmt.Errorf("it has no escape %s", escape)
	}
	text, _ := translated(pattern)
	if re, err = regexp2.Compile(text, regexp2.ECMAScript|regexp2.Unicode); err != nil {
		return nil, err
	}
	re.MatchTimeout = patternTimeout
	return re, nil
}

// foreignEscape is the first escape of a letter that means nothing in ECMA-262, but
// something elsewhere.
func foreignEscape(pattern string) string {
	for i := 0; i+1 < len(pattern); i++ {
		if pattern[i] != '\\' {
			continue
		}
		i++
		if isLetter(pattern[i]) && !strings.ContainsRune("dDwWsSbBfnrtvcxukpP", rune(pattern[i])) {
			return pattern[i-1 : i+1]
		}
	}
	return ""
}

// own reports whether the pattern cannot be left to jsonschema/v5.
func (m *matcher) own() bool { return m.fast == nil || m.states > 0 || m.changed }

// match reports whether text has a part that fits. The error is errSlow.
func (m *matcher) match(text string) (bool, error) {
	if m.fast != nil {
		if m.states*len(text) > maxStates {
			return false, errSlow
		}
		return m.fast.MatchString(text), nil
	}
	ok, err := m.ecma.MatchString(text)
	if err != nil {
		return false, errSlow
	}
	return ok, nil
}
