using Microsoft.OpenApi;

namespace OpenVocab.Server.Endpoints;

/// <summary>What the description of the API (OpenAPI) cannot read off the code: bodies that are taken as they come.</summary>
internal static class ApiDescription
{
    internal static Task SetBody(OpenApiOperation operation, string description, params string[] contentTypes)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = description,
            Required = true,
            Content = contentTypes.ToDictionary(type => type, _ => new OpenApiMediaType()),
        };
        return Task.CompletedTask;
    }
}
