package signature

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// A numberStyle is how an encoder writes the numbers that it has read.
type numberStyle int

const (
	numbersAsWritten  numberStyle = iota
	numbersJavaScript             // all are float64: 1.0 is 1, 1e3 is 1000
	numbersPython                 // whole numbers stay, others are float64: 1.0 is 1.0, 1e3 is 1000.0
	numbersPHP                    // whole numbers of 64 bits stay, others are float64: 1.0 is 1
	numbersGson                   // all are float64 with a fraction: 1 is 1.0
)

// append writes a number that is written as text.
func (s numberStyle) append(dst, text []byte) []byte {
	if s == numbersAsWritten || s != numbersGson && isSmallInteger(text) {
		return append(dst, text...)
	}
	whole := bytes.IndexAny(text, ".eE") < 0
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(f, 0) {
		return append(dst, text...)
	}
	switch {
	case s == numbersJavaScript:
		return appendJavaScript(dst, f)
	case s == numbersPython && string(text) == "-0":
		return append(dst, '0')
	case whole && s == numbersPython:
		return append(dst, text...)
	case whole && s == numbersPHP:
		if _, err := strconv.ParseInt(string(text), 10, 64); err == nil {
			return append(dst, text...)
		}
	}
	return appendFloat(dst, f, s)
}

// isSmallInteger reports whether all styles write text as it is.
func isSmallInteger(text []byte) bool {
	if len(text) > 15 || string(text) == "-0" {
		return false
	}
	return bytes.IndexAny(text, ".eE") < 0
}

// appendJavaScript writes f as ECMAScript does.
func appendJavaScript(dst []byte, f float64) []byte {
	if f == 0 {
		return append(dst, '0') // and so is -0
	}
	if abs := math.Abs(f); abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	return append(dst, strings.Replace(strconv.FormatFloat(f, 'e', -1, 64), "e-0", "e-", 1)...)
}

// appendFloat writes f as the languages do that tell it from a whole number.
func appendFloat(dst []byte, f float64, s numberStyle) []byte {
	abs := math.Abs(f)
	low, high := 1e-4, 1e16
	if s == numbersGson {
		low, high = 1e-3, 1e7
	}
	if f == 0 || abs >= low && abs < high {
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if s != numbersPHP && !strings.Contains(text, ".") {
			text += ".0"
		}
		return append(dst, text...)
	}
	text := strconv.FormatFloat(f, 'e', -1, 64)
	switch s {
	case numbersPHP:
		if !strings.Contains(text, ".") {
			text = strings.Replace(text, "e", ".0e", 1)
		}
	case numbersGson:
		if !strings.Contains(text, ".") {
			text = strings.Replace(text, "e", ".0e", 1)
		}
		text = strings.NewReplacer("e+0", "E", "e+", "E", "e-0", "E-", "e-", "E-").Replace(text)
	}
	return append(dst, text...)
}
