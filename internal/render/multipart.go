package render

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"
)

const (
	// maxParts bounds the parts listed, and maxPart what is read of one to be shown.
	maxParts = 100
	maxPart  = 200
)

// partLines lists the parts of a multipart body with what each is called, its
// type and size, and the beginning of those that are text. It reports false where
// there is no part to be found.
func partLines(contentType string, body []byte) ([]string, bool) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return nil, false
	}
	reader := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	var lines []string
	for n := 1; n <= maxParts; n++ {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return lines, n > 1
		}
		if err == nil {
			var shown []string
			shown, err = describePart(n, part)
			lines = append(lines, shown...)
		}
		if err != nil {
			return append(lines, "malformed after this: "+Safe(err.Error())), n > 1
		}
	}
	return append(lines, ellipsis+" more parts; --body writes all"), true
}

func describePart(n int, part *multipart.Part) ([]string, error) {
	start, err := io.ReadAll(io.LimitReader(part, maxPart+1))
	if err != nil {
		return nil, err
	}
	rest, err := io.Copy(io.Discard, part)
	if err != nil {
		return nil, err
	}
	words := []string{"part " + strconv.Itoa(n)}
	for _, w := range []struct{ label, value string }{{"name", part.FormName()}, {"filename", part.FileName()}} {
		if w.value != "" {
			words = append(words, fmt.Sprintf(`%s="%s"`, w.label, Safe(w.value)))
		}
	}
	if media := part.Header.Get("Content-Type"); media != "" {
		words = append(words, Safe(media))
	}
	words = append(words, humanSize(int64(len(start))+rest))
	return append([]string{strings.Join(words, "  ")}, partPreview(start)...), nil
}

// partPreview is the beginning of a part, indented below it.
func partPreview(start []byte) []string {
	if len(start) == 0 || !textual(start) {
		return nil
	}
	text := strings.TrimRight(cutText(start, maxPart), "\r\n")
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, "  "+Safe(strings.TrimSuffix(line, "\r")))
	}
	if len(start) > maxPart {
		lines[len(lines)-1] += ellipsis
	}
	return lines
}
