package store

import "time"

// ParseTime reads a time as the fields since and until of a query have it: an age such as
// 2h or 7d, today, yesterday, a date, or RFC 3339.
func ParseTime(text string, now time.Time) (time.Time, error) { return parseTime(text, now) }
