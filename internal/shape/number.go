package shape

import (
	"strconv"
	"strings"
)

// maxExponent bounds exponents: those beyond it are cut to it, so that no number is ever
// computed that its text does not already hold.
const maxExponent = 1 << 30

// decompose returns a JSON number as sign, digits without zeros at either end, and
// the power of ten they are multiplied by. Zero has no digits.
func decompose(text string) (negative bool, digits string, exponent int) {
	text, negative = strings.CutPrefix(text, "-")
	mantissa, power := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, power = text[:i], text[i+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent = clampExponent(power) - len(fraction)
	digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	if trimmed == "" {
		return false, "", 0
	}
	return negative, trimmed, exponent
}

func clampExponent(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && strings.HasPrefix(text, "-") {
		return -maxExponent
	} else if err != nil {
		return maxExponent
	}
	return int(max(-maxExponent, min(maxExponent, n)))
}

// isWhole reports whether a JSON number has no fraction: 1, 1.0 and 10e-1 have none.
func isWhole(text string) bool {
	_, digits, exponent := decompose(text)
	return digits == "" || exponent >= 0
}

// canonical is the same text for all spellings of a JSON number.
func canonical(text string) string {
	negative, digits, exponent := decompose(text)
	if digits == "" {
		return "0"
	}
	sign := ""
	if negative {
		sign = "-"
	}
	return sign + digits + "e" + strconv.Itoa(exponent)
}
