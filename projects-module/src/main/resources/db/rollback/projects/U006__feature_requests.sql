DROP FUNCTION plinth_projects.similar_feature_requests(text, real, uuid, integer);
DROP FUNCTION plinth_projects.search_feature_requests(text, real, uuid, integer);
DROP TABLE plinth_projects.feature_requests;
DROP FUNCTION plinth_projects.guard_feature_request_status();
DROP FUNCTION plinth_projects.guard_feature_request();
DROP FUNCTION plinth_projects.current_user_manages_project(uuid, uuid);
