using OpenVocab;
using OpenVocab.Prompts;
using OpenVocab.Server;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOpenVocab(options =>
{
    options.Classes = PromptSet.Of("person", "car");
    options.Streams.Add(new("street", builder.Configuration["source"]!));    // --source rtsp://camera/1
});
var app = builder.Build();
app.UseOpenVocab();
app.MapOpenVocab();                                                          // /v1/…, the page, /health/…
app.MapGet("/words", (Detector detector) => detector.Vocabulary.Classes.Select(prompt => prompt.Name));
app.Run();
