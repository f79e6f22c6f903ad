DROP TABLE plinth_projects.feature_request_comments;
DROP FUNCTION plinth_projects.guard_feature_request_comment();
