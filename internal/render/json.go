package render

import (
	"io"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// WriteJSON writes v as one object on one line. Values are exact: what a terminal
// would act on is written as escapes, which every JSON reader turns back.
func WriteJSON(w io.Writer, v any) error {
	line, err := jsontext.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
