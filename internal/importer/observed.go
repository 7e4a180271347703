package importer

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
)

// An Observation is an event whose schema was made of what came.
type Observation struct {
	Type    string
	Samples int
	// Schema makes the schema, whose $id is to be id.
	Schema func(id string) ([]byte, error)
}

// Observed is the catalog of events that were seen rather than published. The events are
// in the order in which they are to stand there.
func Observed(name string, events []Observation) (*Import, error) {
	if err := provider.CheckName(name); err != nil {
		return nil, fmt.Errorf("the name of the provider: %w", err)
	}
	im := &Import{Format: "inferred", name: name, observed: true}
	files := fileNames{}
	for _, e := range events {
		if err := checkName(e.Type); err != nil {
			im.Broken = append(im.Broken, Broken{e.Type, err.Error()})
			continue
		}
		file := files.take(e.Type, "event") + ".schema.json"
		text, err := e.Schema(catalog.URL(name, file))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Type, err)
		}
		im.Events = append(im.Events, Event{
			Type: e.Type, About: fmt.Sprintf("Seen %s.", times(e.Samples)), Note: "The schema is inferred from " + samples(e.Samples) + ".",
			Schema: File{file, text},
		})
	}
	if len(im.Events) == 0 {
		return nil, fmt.Errorf("there are no events")
	}
	return im, nil
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func samples(n int) string {
	if n == 1 {
		return "1 sample"
	}
	return fmt.Sprintf("%d samples", n)
}
