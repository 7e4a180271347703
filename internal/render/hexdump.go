package render

import (
	"fmt"
	"strings"
)

// maxDump bounds what is shown of a binary body.
const maxDump = 4 << 10

// hexLines shows data as offset, sixteen bytes and their ASCII, one row to a line.
func hexLines(data []byte) []string {
	var lines []string
	for offset := 0; offset < len(data); offset += 16 {
		row := data[offset:min(offset+16, len(data))]
		lines = append(lines, hexLine(offset, row))
	}
	return lines
}

func hexLine(offset int, row []byte) string {
	var bytes, ascii strings.Builder
	for i, c := range row {
		if i == 8 {
			bytes.WriteByte(' ')
		}
		fmt.Fprintf(&bytes, " %02x", c)
		if c < 0x20 || c >= 0x7f {
			c = '.'
		}
		ascii.WriteByte(c)
	}
	return fmt.Sprintf("%08x %-49s  %s", offset, bytes.String(), ascii.String())
}
