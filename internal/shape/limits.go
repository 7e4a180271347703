package shape

import (
	"encoding/json"
	"math/big"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// limitWords are the keywords with a number, and whether a larger one allows less.
func limitWords() map[string]bool {
	return map[string]bool{
		"minimum": true, "exclusiveMinimum": true, "minLength": true, "minItems": true, "minProperties": true, "minContains": true,
		"maximum": false, "exclusiveMaximum": false, "maxLength": false, "maxItems": false, "maxProperties": false,
	}
}

// sayLimits takes the stricter of each two limits.
func (into *form) sayLimits(s *jsontext.Object) {
	for keyword, atLeast := range limitWords() {
		name, value := keyword, limitOf(s, keyword)
		if draft4, ok := s.Get("exclusive" + upper(keyword)).(bool); ok && draft4 {
			name = "exclusive" + upper(keyword)
		}
		if value == nil {
			continue
		}
		if old := into.limits[name]; old == nil || atLeast == (value.Cmp(old) > 0) {
			into.limits[name] = value
		}
	}
	if multiple := limitOf(s, "multipleOf"); multiple != nil && multiple.Sign() > 0 {
		into.limits["multipleOf"] = commonMultiple(into.limits["multipleOf"], multiple)
	}
	into.unique = into.unique || s.Get("uniqueItems") == true
	into.patterns = appendNew(into.patterns, s.Text("pattern"))
	into.formats = appendNew(into.formats, s.Text("format"))
}

// maxBits bounds the numbers that common multiples are made of.
const maxBits = 8192

// commonMultiple is the least number above 0 that is a multiple of both; a may be nil.
func commonMultiple(a, b *big.Rat) *big.Rat {
	if a == nil {
		return b
	}
	one, other := new(big.Int).Mul(a.Num(), b.Denom()), new(big.Int).Mul(b.Num(), a.Denom())
	if one.BitLen()+other.BitLen() > maxBits {
		return a
	}
	shared := new(big.Int).GCD(nil, nil, one, other)
	least := new(big.Int).Mul(new(big.Int).Quo(one, shared), other)
	return new(big.Rat).SetFrac(least, new(big.Int).Mul(a.Denom(), b.Denom()))
}

// upper is the keyword as it is written after exclusive.
func upper(keyword string) string {
	switch keyword {
	case "minimum":
		return "Minimum"
	case "maximum":
		return "Maximum"
	}
	return "-"
}

func appendNew(list []string, word string) []string {
	if word == "" || slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}

// maxDigits and maxPower bound the numbers that are computed with.
const (
	maxDigits = 1000
	maxPower  = 400
)

// limitOf is a keyword's number, nil where it has none that can be computed with.
func limitOf(s *jsontext.Object, keyword string) *big.Rat {
	number, ok := s.Get(keyword).(json.Number)
	if !ok {
		return nil
	}
	return rational(string(number))
}

func rational(text string) *big.Rat {
	_, digits, exponent := decompose(text)
	if len(text) > maxDigits || len(digits) > maxDigits || exponent > maxPower || exponent < -maxPower-maxDigits {
		return nil
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return r
}
