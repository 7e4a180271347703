package render

import "strconv"

// humanSize writes a number of bytes with about three digits: "999 B", "1.5 KB", "25 MB".
// A KB is 1000 bytes.
func humanSize(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	value := float64(n)
	for _, unit := range []string{" KB", " MB", " GB", " TB"} {
		value /= 1000
		if value < 99.95 {
			return strconv.FormatFloat(value, 'f', 1, 64) + unit
		}
		if value < 999.5 || unit == " TB" {
			return strconv.FormatFloat(value, 'f', 0, 64) + unit
		}
	}
	return ""
}
