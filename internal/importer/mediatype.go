package importer

import (
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// jsonType is the media type whose payloads are JSON; the first that may be, where none
// says so; "" where there is none.
func jsonType(content *jsontext.Object) string {
	if content.Len() == 0 {
		return ""
	}
	for _, fits := range []func(string) bool{
		func(name string) bool { return name == "application/json" },
		func(name string) bool { return strings.HasSuffix(name, "/json") || strings.HasSuffix(name, "+json") },
		func(name string) bool { return strings.HasSuffix(name, "*") },
		func(name string) bool { return !isOtherType(name) },
	} {
		for _, key := range content.Keys() {
			if name, _, _ := strings.Cut(strings.ToLower(key), ";"); fits(strings.TrimSpace(name)) {
				return key
			}
		}
	}
	return ""
}

// isOtherType reports whether a media type is certainly not JSON.
func isOtherType(name string) bool {
	kind, sub, _ := strings.Cut(name, "/")
	switch kind {
	case "text", "multipart", "image", "audio", "video", "font":
		return true
	}
	switch sub {
	case "x-www-form-urlencoded", "xml", "octet-stream", "pdf", "zip", "gzip", "yaml", "x-yaml", "x-ndjson", "protobuf", "x-protobuf", "msgpack":
		return true
	}
	return strings.HasSuffix(sub, "+xml") || strings.HasSuffix(sub, "+yaml") || strings.HasSuffix(sub, "+protobuf")
}
